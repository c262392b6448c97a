# What is done often. `just` alone lists it.

default:
    @just --list

# Everything that a change must pass
check *ARGS:
    .ci/run {{ARGS}}

# The golden set as pictures: mails, pages and prints, light and dark
preview FOLDER="target/preview":
    tests/preview {{FOLDER}}

# 104 weekly reports of one firm, timed
bench-reports:
    benches/reports.py
