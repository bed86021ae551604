"""Runs of words that name what there should be in the end, rather than what is done for it."""

from __future__ import annotations

OUTCOMES = """
one list, a single list, made up of, made of, consisting of, composed of, taken as one: concatenate
as a whole, all of them taken, put back to back: concatenate
as one of: label classify
two * need one, both * need one, three * need one, two * want one, both * want one: concatenate merge
folder %, folder that holds, folder holding, folder which holds: collect
only know ~, only knows ~, only accepts ~, only accept ~, only takes ~, only take ~, only plays ~: convert
only play ~, only reads ~, only read ~, accepts only ~, refuses everything but ~, insists on ~: convert
can't hear, hard of hearing, text on screen, on the screen, on screen: subtitle
on paper, black on white: transcribe
how much text: count
all errors, all the errors, every error, all warnings, all the warnings, every warning: grep
every file * size, each file * size, all files * sizes, all the files * sizes: list size byte
files * their sizes, file sizes, files and sizes: list size byte
every file * sizes, files with * sizes, files with * size: list size byte
which second, what second, which minute, what minute, start and end, starts and ends: segments
when each * is said, when * was said, when * is said, when * were said, begins and ends: segments
freeze * at #, freeze the video, freeze the film: frame
care about /, interested in /, matters is /, matters * is /, only about /, concerned with /: pick
what * holds, what * hold, what * holding: contents
has the last # word, have the last # word, gets the last # word: merge
an idea of, a feel for, a feeling for, per column of: describe column
when is what said, when what is said, what is said when, what was said when, who says what when: segments
lines * about, line * about, that talk about, which talk about: grep
that talks about, that deal with, that deals with: grep
both have, both share, both of them have, both of them share, both tables have, both files have: lookup
both lists have, both sheets have, is in both, are in both: lookup
both contain, both of them contain, both tables contain, both files contain: lookup grep contain
both lists contain, both sheets contain: lookup grep contain
in common, ties * together, ties them, ties the two, links them, links the two, connects them: lookup
connects the two, they share, common column, common key, common field, shared column, shared key: lookup
next to each, next to every, beside each, beside every, alongside each, alongside every: lookup
attached to each, attached to every, added to each, added to every, next to it, beside it: lookup
columns added, matched up, matches up, match up, pair up, paired up: lookup
look up * in: join get
path and size, paths and sizes, name and size, names and sizes, size and path, size and name: list size byte
one file each, a file each, one file per: file
web server, web servers, web shop, web shops, web site, web app, web application: server
as text files, as plain text files, as a text file, as a plain text file: file
wins if, wins where, wins when, win if, win where, win when, if they disagree, where they disagree: merge
when they disagree, if they differ, in case of conflict, in a conflict, one out of both: merge
one entry per, one object per, one record per, one item per, one element per, an object per: object
big to small, small to big, z to a, a to z: sort
"""
"""Written like the phrases of the idioms, which they belong to."""
