from watering import days, litres


def test_litres():
    assert litres(3) == 36


def test_litres_of_nothing():
    assert litres(0) == 0


def test_days():
    assert days(100, 30) == 3


def test_days_are_rounded_up():
    assert days(100, 30) == 4
