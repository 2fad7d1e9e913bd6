"""D6 PIPL: whatever hangs on a ticket is emptied at the end of keeping, or holds no words. A new table is entered here."""

from tickets.models import Ticket

EMPTIED = {
    "tickets.Message", "tickets.Attachment", "tickets.Handling", "tickets.Review", "tickets.Assignment", "tickets.Transfer",
    "tickets.Link", "tickets.TicketEvent", "tickets.SearchDocument", "tickets.Draft", "tickets.SpecialGroup",
    "tickets.Improvement", "feedback.RawMessage", "feedback.Appeal", "feedback.Chat", "feedback.Call",
    "feedback.PaperItem", "surveys.FollowUp", "surveys.Sheet", "sla.Clock", "supervision.SampledCase",
    "supervision.Finding",
}  # fmt: skip
WORDLESS = {
    "tickets.Ticket",  # its parts and merged ones are cases of their own
    "tickets.ArchiveRecord", "tickets.Undealt",
    "tickets.LegalHold",  # why a colleague kept it: part of the proof
    "feedback.Correction", "feedback.Suggestion",
    "sla.Accountability",  # decisions about colleagues
    "sla.SupervisionNotice",
}  # fmt: skip


def test_every_table_that_hangs_on_a_ticket_is_emptied_or_holds_no_words() -> None:
    there = {one.related_model._meta.label for one in Ticket._meta.related_objects}
    assert there == EMPTIED | WORDLESS
