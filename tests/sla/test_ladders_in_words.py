"""The steps of a ladder are read and written in people's words, in either language; codes are understood too."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from sla import ladder, ladder_words
from sla.models import SlaPolicy, SlaTarget
from sla.services_setup import create_defaults

EVERYTHING = [
    {"at": "0%", "tell": [], "group": True},
    *ladder.USUAL,
    {"at": "+1s", "tell": ["owner"], "remind": True, "reassign": "duty"},
    *(
        {"at": f"{sign}{amount}{unit}", "tell": []}
        for sign in "+-"
        for amount in (2, 30)
        for unit in ladder_words.AFTER
    ),
    {"at": "-1wd", "tell": ["first_contact"], "level": 0, "reassign": "head"},
    {"at": "+1h", "tell": [], "reassign": "office"},
]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("steps", [ladder.USUAL, ladder.MAJOR, ladder.RIGHT, ladder.WAIT, [ladder.AT_ONCE], EVERYTHING])
def test_what_is_written_is_read_again_in_either_language(steps, language):
    with override(language):
        said = ladder_words.as_words(steps)
    for reader in ("zh-hans", "en"):
        with override(reader):
            assert ladder_words.from_words(said) == ladder.from_text(ladder.as_text(steps))


def test_it_reads_like_a_sentence():
    with override("zh-hans"):
        lines = ladder_words.as_words(ladder.USUAL).splitlines()
        assert lines[2] == "到期时：经办人，首问，部门负责人；升级到部门负责人；登记追责"
        assert lines[4].startswith("到期后 3 个工作日：") and lines[4].endswith("下发督办单")
    with override("en"):
        assert (
            ladder_words.as_words([{"at": "+1wd", "tell": ["office"]}])
            == "1 working day after the due time: feedback office"
        )


def test_codes_full_width_signs_and_free_spacing_are_understood():
    assert ladder_words.from_words("due owner level=1 account\n\n+1wd office") == [
        {"at": "due", "tell": ["owner"], "level": 1, "account": True}, {"at": "+1wd", "tell": ["office"]},
    ]  # fmt: skip
    assert ladder_words.from_words(" 到期后1个工作日 ： 首问,经办人 ; 书面催办 ") == [
        {"at": "+1wd", "tell": ["first_contact", "owner"], "remind": True}
    ]
    assert ladder_words.from_words("80%：经办人") == [{"at": "80%", "tell": ["owner"]}]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("到期时：总经理", "总经理"), ("后天：经办人", "后天"), ("someday", "someday"),
        ("到期后 99999 个工作日：经办人", "到期后 99999 个工作日"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_named(text, word):
    with pytest.raises(ValueError, match=word):
        ladder_words.from_words(text)


@pytest.mark.django_db
def test_the_editor_shows_no_codes_and_saves_words(client, zhou):
    create_defaults()
    client.force_login(zhou)
    where = reverse("sla:policy", args=["l1"])
    page = client.get(where)
    formset = page.context["formset"]
    written = "\n".join(each["steps"].value() for each in formset)
    assert "first_contact" not in written and "level=" not in written and "到期后 1 个工作日" in written
    assert "+1wd" not in page.content.decode()
    data = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    data |= {f"{formset.prefix}-{key}": value for key, value in formset.management_form.initial.items()}
    for each in formset:
        data |= {each.add_prefix(name): each[name].value() for name in each.fields if name != "DELETE"}
    target = SlaPolicy.objects.get(code="l1").targets.get(metric="resolution")
    mine = next(each for each in formset if each.instance.pk == target.pk)
    data[mine.add_prefix("steps")] = "用去时限的 80%：经办人\n到期时：部门负责人；登记追责"
    saved = client.post(where, {key: value for key, value in data.items() if value not in (None, False)})
    assert saved.status_code == 302
    wanted = [{"at": "80%", "tell": ["owner"]}, {"at": "due", "tell": ["head"], "account": True}]
    assert SlaTarget.objects.get(pk=target.pk).ladder == wanted
