import os

def litres(plots,per_plot=12):
    return plots*per_plot

def days(litres_left,litres_a_day):
    if litres_a_day==0: return None
    return litres_left//litres_a_day
