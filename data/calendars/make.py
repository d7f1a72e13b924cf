#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Make <country>.csv, the public holidays of the sites' countries.

    /usr/bin/python3 make.py [FIRST LAST]

The rules are written down here from each country's law, because Debian's
python3-holidays knows only Colombia and the United States of the five; where
it does, it is asked too, and every difference is printed. Easter is dateutil's.
Half days (24 and 31 December in Guatemala) are left out: a morning at work is
not closed hours.
"""
import csv
import os
import sys
from datetime import date, timedelta

from dateutil.easter import easter

HERE = os.path.dirname(os.path.abspath(__file__))
TODAY = "2026-11-23"
LAWS = {
    "CO": "Ley 51 de 1983, Código Sustantivo del Trabajo art. 177",
    "CR": "Código de Trabajo art. 148 (Ley 9803, Ley 10050)",
    "GT": "Código de Trabajo art. 127, Decreto 19-2018",
    "SV": "Código de Trabajo art. 190",
    "US": "5 U.S.C. 6103, observed days by Executive Order 11582",
}


def next_monday(day):
    return day + timedelta((7 - day.weekday()) % 7)


def nth(year, month, weekday, n):
    """The n-th weekday (0 Monday) of a month; -1 the last."""
    if n > 0:
        first = date(year, month, 1)
        return first + timedelta((weekday - first.weekday()) % 7 + 7 * (n - 1))
    last = date(year, month + 1, 1) - timedelta(1)
    return last - timedelta((last.weekday() - weekday) % 7)


def colombia(y):
    for month, day, name in ((1, 1, "Año Nuevo"), (5, 1, "Día del Trabajo"),
                             (7, 20, "Día de la Independencia"), (8, 7, "Batalla de Boyacá"),
                             (12, 8, "Inmaculada Concepción"), (12, 25, "Navidad")):
        yield date(y, month, day), name
    for month, day, name in ((1, 6, "Reyes Magos"), (3, 19, "San José"),
                             (6, 29, "San Pedro y San Pablo"), (8, 15, "Asunción de la Virgen"),
                             (10, 12, "Día de la Raza"), (11, 1, "Todos los Santos"),
                             (11, 11, "Independencia de Cartagena")):
        yield next_monday(date(y, month, day)), name
    e = easter(y)
    yield e - timedelta(3), "Jueves Santo"
    yield e - timedelta(2), "Viernes Santo"
    yield e + timedelta(43), "Ascensión del Señor"
    yield e + timedelta(64), "Corpus Christi"
    yield e + timedelta(71), "Sagrado Corazón"


def costa_rica(y):
    e = easter(y)
    yield e - timedelta(3), "Jueves Santo"
    yield e - timedelta(2), "Viernes Santo"
    # Ley 9875 moved some of these to Mondays from 2020 to 2024 only.
    for month, day, name in ((1, 1, "Año Nuevo"), (4, 11, "Juan Santamaría"),
                             (5, 1, "Día del Trabajo"), (7, 25, "Anexión de Nicoya"),
                             (8, 2, "Virgen de los Ángeles"), (8, 15, "Día de la Madre"),
                             (8, 31, "Día de la Persona Negra"),
                             (9, 15, "Día de la Independencia"),
                             (12, 1, "Abolición del Ejército"), (12, 25, "Navidad")):
        yield date(y, month, day), name


def guatemala(y):
    def moved(day):  # Tuesday, Wednesday to the Monday before, others after
        if day.weekday() in (1, 2):
            return day - timedelta(day.weekday())
        return next_monday(day)

    e = easter(y)
    yield e - timedelta(3), "Jueves Santo"
    yield e - timedelta(2), "Viernes Santo"
    yield e - timedelta(1), "Sábado Santo"
    yield moved(date(y, 6, 30)), "Día del Ejército"
    yield moved(date(y, 10, 20)), "Revolución de 1944"
    for month, day, name in ((1, 1, "Año Nuevo"), (5, 1, "Día del Trabajo"),
                             (8, 15, "Virgen de la Asunción (Ciudad de Guatemala)"),
                             (9, 15, "Día de la Independencia"), (11, 1, "Todos los Santos"),
                             (12, 25, "Navidad")):
        yield date(y, month, day), name


def el_salvador(y):
    e = easter(y)
    yield e - timedelta(3), "Jueves Santo"
    yield e - timedelta(2), "Viernes Santo"
    yield e - timedelta(1), "Sábado Santo"
    for month, day, name in ((1, 1, "Año Nuevo"), (5, 1, "Día del Trabajo"),
                             (5, 10, "Día de la Madre"), (6, 17, "Día del Padre"),
                             (8, 3, "Fiestas agostinas (San Salvador)"),
                             (8, 5, "Fiestas agostinas (San Salvador)"),
                             (8, 6, "Divino Salvador del Mundo"),
                             (9, 15, "Día de la Independencia"),
                             (11, 2, "Día de los Difuntos"), (12, 25, "Navidad")):
        yield date(y, month, day), name


def united_states(y):
    yield nth(y, 1, 0, 3), "Martin Luther King Jr. Day"
    yield nth(y, 2, 0, 3), "Washington's Birthday"
    yield nth(y, 5, 0, -1), "Memorial Day"
    yield nth(y, 9, 0, 1), "Labor Day"
    yield nth(y, 10, 0, 2), "Columbus Day"
    yield nth(y, 11, 3, 4), "Thanksgiving Day"
    fixed = [(y, 1, 1, "New Year's Day"), (y, 6, 19, "Juneteenth"),
             (y, 7, 4, "Independence Day"), (y, 11, 11, "Veterans Day"),
             (y, 12, 25, "Christmas Day"), (y + 1, 1, 1, "New Year's Day")]
    for year, month, day, name in fixed:
        actual = date(year, month, day)
        if actual.year == y:
            yield actual, name
        shift = {5: -1, 6: 1}.get(actual.weekday(), 0)
        observed = actual + timedelta(shift)
        if shift and observed.year == y:
            yield observed, name + " (observed)"


COUNTRIES = {"CO": colombia, "CR": costa_rica, "GT": guatemala, "SV": el_salvador,
             "US": united_states}


def main():
    first, last = (int(a) for a in sys.argv[1:3]) if len(sys.argv) > 2 else (2025, 2028)
    try:
        import holidays
    except ImportError:
        holidays = None
    for country, rule in COUNTRIES.items():
        days = {}
        for year in range(first, last + 1):
            for day, name in rule(year):
                days[day] = days[day] + "; " + name if day in days else name
        with open(os.path.join(HERE, country + ".csv"), "w", newline="") as file:
            file.write("# Public holidays %d-%d by law (%s), made by make.py on %s\n"
                       % (first, last, LAWS[country], TODAY))
            out = csv.writer(file, lineterminator="\n")
            out.writerow(["country", "date", "name"])
            for day in sorted(days):
                out.writerow([country, day.isoformat(), days[day]])
        known = getattr(holidays, country, None) if holidays else None
        if known:
            theirs = set(known(years=range(first, last + 1)))
            print(country, "only here:", *sorted(map(str, set(days) - theirs)))
            print(country, "only in python3-holidays:",
                  *sorted(str(d) for d in theirs - set(days) if first <= d.year <= last))


if __name__ == "__main__":
    main()
