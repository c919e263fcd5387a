"""Definitions in Python that the files beside these write in TypeScript, under the same names."""

from .assets import basic, interleaved
from .automation import automation
from .config import config, resources
from .kinds import shapes
from .mappings import mappings
from .plain import BEFORE_1_13 as BEFORE_1_13

ALL = {
    "basic": basic,
    "shapes": shapes,
    "interleaved": interleaved,
    "automation": automation,
    "config": config,
    "mappings": mappings,
    "resources": resources,
}
