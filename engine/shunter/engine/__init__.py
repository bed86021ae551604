"""The engine: types, plans, actions, the store, the scheduler and the executors.

It knows nothing of modules, models or terminals: it runs actions.
"""
