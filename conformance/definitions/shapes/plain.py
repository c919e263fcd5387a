"""What several definitions use."""

import dagster as dg

# Dagster 1.12 knows no groups within groups, and no conditions on freshness.
BEFORE_1_13 = tuple(int(part) for part in dg.__version__.split(".")[:2]) < (1, 13)


def op(*_args, **_kwargs):
    pass


def made_asset(name, **options):
    @dg.asset(name=name, **options)
    def made(): ...

    return made
