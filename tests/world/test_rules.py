"""Rulings, and the trail of who set what."""

from __future__ import annotations

import dataclasses

import pytest

from igrsim.world.rules import Rules
from igrsim.world.ruling import SILOS, Ruling, amend, changed, meanings, theme_of


def test_silos_are_the_ruling_without_arrangements() -> None:
    assert Ruling() == SILOS
    assert set(dataclasses.asdict(SILOS).values()) == {0.0}


def test_amending_leaves_the_old_ruling() -> None:
    after = amend(SILOS, hub_posts=11.0)
    assert changed(SILOS, after) == ["hub_posts"]
    assert SILOS.hub_posts == 0.0
    with pytest.raises(TypeError):
        amend(SILOS, posts=1.0)


def test_the_trail_names_who_changed_what_once() -> None:
    rules = Rules(("A", "B"))
    one = amend(SILOS, joint_arena=1.0)
    two = amend(one, hub_posts=11.0)
    for month in (2, 3):
        rules.turn(month, {1: [("impact-zones", 1.0, one), ("district-hub", 1.0, two)]})
    assert rules[0] == SILOS
    assert rules[1] == two
    assert rules.by_space("hub_posts").tolist() == [0.0, 11.0]
    assert [(e.month, e.space, e.lever, e.field, e.before, e.after) for e in rules.trail] == [
        (2, "B", "impact-zones", "joint_arena", 0.0, 1.0),
        (2, "B", "district-hub", "hub_posts", 0.0, 11.0),
    ]
    rules.turn(4, {1: [("district-hub", 0.5, amend(SILOS, hub_posts=5.5))]})
    assert rules.trail[-1].after == 5.5


def test_a_lever_that_ceases_is_in_the_trail() -> None:
    rules = Rules(("A",))
    half, whole = amend(SILOS, joint_arena=0.5), amend(SILOS, joint_arena=1.0)
    rules.turn(0, {0: [("b", 1.0, half)]})
    # a stronger lever before it in the order takes the rule over
    rules.turn(1, {0: [("a", 1.0, whole), ("b", 1.0, whole)]})
    rules.turn(2, {})
    rules.turn(3, {})
    assert [(e.month, e.lever, e.dose, e.before, e.after) for e in rules.trail] == [
        (0, "b", 1.0, 0.0, 0.5),
        (1, "a", 1.0, 0.0, 1.0),
        (1, "b", 1.0, 1.0, 1.0),
        (2, "a", 0.0, 0.0, 0.0),
    ]
    assert rules[0] == SILOS


def test_every_rule_has_a_meaning() -> None:
    for name, words in meanings().items():
        assert len(words) > 15, name
        assert words.endswith("."), name
    assert meanings()["hub_posts"] == "Posts established at the space's hub."


def test_every_rule_has_a_theme() -> None:
    themes = {theme_of(rule) for rule in meanings()}
    assert themes == {"planning", "engagement", "authority", "support", "access"}
    assert theme_of("mobile_rounds") == "access"
    assert theme_of("joint_arena") == "planning"
