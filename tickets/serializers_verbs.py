"""Every verb of the API, and what it takes."""

from tickets import serializers_moves as moves
from tickets.groups import serializers as groups
from tickets.handling import serializers as handling
from tickets.joining import serializers as joining
from tickets.more_time import serializers as time
from tickets.parts import serializers as parts

VERBS: dict[str, type[moves.MoveSerializer]] = {
    "accept": moves.AcceptSerializer,
    "accept_transfer": moves.MoveSerializer,
    "agree": handling.AgreeSerializer,
    "approve": handling.ApproveSerializer,
    "assess": handling.AssessSerializer,
    "assign": moves.AssignSerializer,
    "change_first_contact": joining.FirstContactSerializer,
    "classify": moves.ClassifySerializer,
    "close": moves.MoveSerializer,
    "co_assign": parts.CoAssignSerializer,
    "co_done": parts.CoDoneSerializer,
    "co_waive": parts.CoWaiveSerializer,
    "conclude_group": groups.ConclusionSerializer,
    "correct_customer": joining.CorrectCustomerSerializer,
    "decide_extension": time.DecideExtensionSerializer,
    "decline_transfer": moves.ReasonSerializer,
    "escalate": moves.EscalateSerializer,
    "extend": time.ExtendSerializer,
    "form_group": groups.GroupSerializer,
    "improvement_done": groups.ImprovementDoneSerializer,
    "improvement_dropped": groups.ImprovementDroppedSerializer,
    "investigate": handling.InvestigateSerializer,
    "link": joining.LinkSerializer,
    "log_work": groups.LogSerializer,
    "merge": joining.MergeSerializer,
    "note": moves.NoteSerializer,
    "plan": handling.PlanSerializer,
    "promise": time.PromiseSerializer,
    "reject": handling.RejectSerializer,
    "remind": moves.RemindSerializer,
    "reopen": moves.ReasonSerializer,
    "reply": moves.ReplySerializer,
    "report": handling.ReportSerializer,
    "report_situation": groups.LogSerializer,
    "request_information": moves.SayingSerializer,
    "resolve": moves.ResolveSerializer,
    "restore": moves.RestoreSerializer,
    "return_to_dispatch": moves.ReturnSerializer,
    "split": joining.SplitSerializer,
    "transfer": parts.TransferSerializer,
    "unmerge": moves.RestoreSerializer,
    "void": moves.VoidSerializer,
}
