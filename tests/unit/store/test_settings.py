"""What `config.toml` may say, and what happens when it is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from socd_tui.store.settings import FILE, Names, Settings, load_settings

NAMES = Names(("overview", "series"), ("socd-dark", "socd-light"), ("export", "move.up", "view.series"))


def loaded(folder: Path, text: str) -> tuple[Settings, list[str]]:
    (folder / FILE).write_text(text)
    return load_settings(folder, lambda: NAMES)


def test_without_a_file_there_are_the_defaults_and_no_complaint(tmp_path: Path) -> None:
    assert load_settings(tmp_path, lambda: NAMES) == (Settings(), [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_file_is_read_as_editors_save_it(tmp_path: Path, encoding: str) -> None:
    (tmp_path / FILE).write_bytes('days = 30\r\n[owners]\r\n"Zo\u00eb" = "a"\r\n'.encode(encoding))
    settings, mistakes = load_settings(tmp_path, lambda: NAMES)
    assert (settings.days, settings.owners, mistakes) == (30, {"Zo\u00eb": ("a",)}, [])


def test_a_mistake_in_a_file_with_a_byte_order_mark_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xef\xbb\xbfdais = 30\n")
    _, [mistake] = load_settings(tmp_path, lambda: NAMES)
    assert "line 1: there is no setting 'dais'. The nearest is 'days'." in mistake


def test_an_owner_whose_name_is_written_in_two_ways_is_one(tmp_path: Path) -> None:
    settings, _ = loaded(tmp_path, '[owners]\n"Zo\u00eb" = ["a"]\nBob = "c"\n"ZOE\u0308" = ["b"]\n')
    assert settings.owners == {"Zo\u00eb": ("a", "b"), "Bob": ("c",)}


def test_every_setting_can_be_set(tmp_path: Path) -> None:
    text = """
        theme = "socd-light"
        view = "series"
        days = 30
        ascii = true
        refresh_s = 120
        [keys]
        export = "x"
        "move.up" = "up,k"
        view.series = "s"
    """
    settings, mistakes = loaded(tmp_path, text)
    assert mistakes == []
    assert settings == Settings(
        theme="socd-light",
        view="series",
        days=30,
        ascii=True,
        refresh_s=120,
        keys={"export": "x", "move.up": "up,k", "view.series": "s"},
    )


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("\ntheem = 'socd-dark'", "line 2", "nearest is 'theme'"),
        ("theme = 'socd-drak'", "line 1", "nearest is 'socd-dark'"),
        ("view = 3", "line 1", "Choose from overview, series"),
        ("\n\ndays = 91", "line 3", "1 to 90"),
        ("days = true", "line 1", "whole number"),
        ("refresh_s = 5", "line 1", "60 or more"),
        ("ascii = 'yes'", "line 1", "true or false"),
        ("keys = 5", "line 1", "table"),
        ("[keys]\nexprot = 'x'", "line 2", "nearest is 'export'"),
        ("[keys]\n'move.up' = 5", "line 2", "a text like"),
        ("owners = 5", "line 1", "owners is a table of names and their keys"),
        ("[owners]\nAnn = 5", "line 2", "the keys of 'Ann' are a list of key ids, prefixes or name patterns"),
        ("[owners]\n'Ann Lee' = ['a', 5]", "line 2", "the keys of 'Ann Lee' are a list"),
        ("[owners]\nAnn = ''", "line 2", "the keys of 'Ann' are a list"),
        ("[owners]\nAnn = { of = [['a']] }", "line 1", "the keys of 'Ann.of' are a list"),
        ("days = 7\nview = \nascii = true", "line 2", "defaults are used"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_nearest_name_and_costs_only_itself(
    tmp_path: Path, text: str, place: str, hint: str
) -> None:
    settings, mistakes = loaded(tmp_path, text)
    assert len(mistakes) == 1
    assert FILE in mistakes[0]
    assert place in mistakes[0]
    assert hint in mistakes[0]
    assert settings == Settings()


def test_good_settings_beside_a_mistake_are_kept(tmp_path: Path) -> None:
    settings, mistakes = loaded(tmp_path, "days = 30\nascii = 3\n")
    assert len(mistakes) == 1
    assert settings == Settings(days=30)


def test_a_file_that_is_no_text_is_told_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff\xfe\x00")
    settings, mistakes = load_settings(tmp_path, lambda: NAMES)
    assert settings == Settings()
    assert len(mistakes) == 1


def test_owners_keep_the_order_of_the_file_and_one_key_needs_no_list(tmp_path: Path) -> None:
    text = """
        [owners]
        "Zoe Team" = ["3f2a", "sk_live_zIc8", "SOAR *"]
        Ann.Lee = "dev*"
        Bob = []
    """
    settings, mistakes = loaded(tmp_path, text)
    assert mistakes == []
    assert list(settings.owners.items()) == [
        ("Zoe Team", ("3f2a", "sk_live_zIc8", "SOAR *")),
        ("Ann.Lee", ("dev*",)),
        ("Bob", ()),
    ]


def test_a_mistaken_owner_costs_only_itself_and_is_looked_for_among_the_owners(tmp_path: Path) -> None:
    settings, [mistake] = loaded(tmp_path, "days = 30\n[owners]\nAnn = 'a'\ndays = 7\n")
    assert settings == Settings(days=30, owners={"Ann": ("a",)})
    assert "line 4" in mistake


@pytest.mark.parametrize(
    "text",
    [
        "days = " + "9" * 5_000,
        "view = 0x" + "f" * 60_000,
        "[thresholds]\nday = 0x" + "f" * 60_000,
        "theme = " + "[" * 5_000,
        "refresh_s = 1" + "0" * 30,
        ".".join(["keys", *"a" * 4_000]) + " = 1",
        "[keys]\n" + "x" * 60_000 + " = 1",
        '"\\u001b]0;x\\u0007\\u202e" = 1',
        '[keys]\nexport = "\\u001b[2J"',
        "#" + "x" * (1 << 20),
    ],
    ids=[
        "digits",
        "hexadecimal",
        "threshold",
        "deep",
        "long pause",
        "dots",
        "long name",
        "controls",
        "no key",
        "large",
    ],
)
def test_nothing_in_the_file_does_harm(tmp_path: Path, text: str) -> None:
    settings, [mistake] = loaded(tmp_path, text)
    assert settings == Settings()
    assert mistake.isprintable()
    assert len(mistake) < 600


def test_of_thousands_of_mistakes_the_first_few_are_told(tmp_path: Path) -> None:
    settings, mistakes = loaded(tmp_path, "days = 30\n" + "".join(f"n{n} = {n}\n" for n in range(8_000)))
    assert settings == Settings(days=30)
    assert len(mistakes) == 6
    assert "line 2: there is no setting 'n0'" in mistakes[0]
    assert "7,995 other settings cannot be used either." in mistakes[-1]


def test_the_file_may_be_a_link_to_one_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("days = 30")
    os.mkfifo(tmp_path / "fifo")  # without care this test would never end
    (tmp_path / "folder").mkdir()
    for target, days, told in (
        ("kept", 30, ""),
        ("fifo", 7, "is not a plain file"),
        ("folder", 7, "is not a plain file"),
        ("/dev/zero", 7, "is not a plain file"),
        ("nowhere", 7, "leads nowhere"),
    ):
        (tmp_path / FILE).symlink_to(tmp_path / target)
        settings, mistakes = load_settings(tmp_path, lambda: NAMES)
        assert settings == Settings(days=days)
        assert [told in mistake for mistake in mistakes] == ([True] if told else [])
        (tmp_path / FILE).unlink()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_of_another_user_is_left_out(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("days = 30")
    os.chown(tmp_path / FILE, 54321, -1)
    settings, [mistake] = load_settings(tmp_path, lambda: NAMES)
    assert settings == Settings()
    assert "belongs to another user" in mistake


# --- themes of one's own -------------------------------------------------------------------------

OWN = Names(
    ("overview",),
    ("socd-dark", "socd-light"),
    (),
    ("background", "surface", "cursor", "ink", "faint", "data"),
)


def themed(folder: Path, text: str) -> tuple[Settings, list[str]]:
    (folder / FILE).write_text(text)
    return load_settings(folder, lambda: OWN)


def test_a_theme_of_ones_own_is_a_table_of_roles_and_can_be_chosen(tmp_path: Path) -> None:
    text = """
        theme = "night"
        [themes.night]
        base = "socd-light"
        background = "#0A0C10"
        data = "#7aa2f7"
        [themes]
        Other_1.ink = "#ffffff"
    """
    settings, mistakes = themed(tmp_path, text)
    assert mistakes == []
    assert settings.theme == "night"
    assert settings.themes == {
        "night": {"base": "socd-light", "background": "#0a0c10", "data": "#7aa2f7"},
        "Other_1": {"ink": "#ffffff"},
    }


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('[themes.a]\nimk = "#ffffff"', "line 2", "there is no role 'imk'. The nearest is 'ink'."),
        ('[themes.a]\n\nink = "white"', "line 3", "'white' is no colour for ink: write it as in '#1a2b3c'."),
        ('[themes.a]\nink = "#fff"', "line 2", "'#fff' is no colour for ink"),
        ("[themes.a]\nink = 7", "line 2", "'7' is no colour for ink"),
        ('[themes.ab]\nink = "#ffffff"\n[themes.a]\nink = "red"', "line 4", "'red' is no colour"),
        (
            '[themes.a]\nbase = "socd-lihgt"',
            "line 2",
            "'socd-lihgt' is no theme. The nearest is 'socd-light'.",
        ),
        ("[themes.a]\nbase = 3", "line 2", "'3' is no theme. Choose from socd-dark, socd-light."),
        ('[themes]\na = "#ffffff"', "line 2", "the theme 'a' is a table of roles and colours, [themes.a]."),
        ('\n[themes."a b"]\nink = "#ffffff"', "line 2", "'a b' is no name for a theme"),
        ('[themes.socd-dark]\nink = "#ffffff"', "line 1", "'socd-dark' is a theme of the program's own."),
        ("themes = 3", "line 1", "themes is a table of names and their colours, [themes.NAME]."),
        ('theme = "nigth"\n[themes.night]', "line 1", "'nigth' is no theme. The nearest is 'night'."),
    ],
)
def test_a_mistake_in_a_theme_is_told_with_its_line_and_costs_only_itself(
    tmp_path: Path, text: str, line: str, said: str
) -> None:
    settings, [mistake] = themed(tmp_path, text)
    assert f"{line}: {said}" in mistake
    assert settings.theme == "socd-dark"


@pytest.mark.parametrize("value", ["yes", "0", '"off"', "[]"])
def test_whether_it_refreshes_by_itself_is_true_or_false(tmp_path: Path, value: str) -> None:
    assert loaded(tmp_path, "live = false")[0].live is False
    settings, mistakes = loaded(tmp_path, f"live = {value}")
    assert settings.live is True
    assert mistakes != []
