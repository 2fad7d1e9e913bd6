"""Every verb that has a form of its own on the page, in the order in which they are offered."""

from tickets.forms import (
    AcceptForm,
    AssignForm,
    ClassifyForm,
    CloseForm,
    MoveForm,
    ReasonForm,
    RemindForm,
    RestoreForm,
    ReturnForm,
    VoidForm,
)
from tickets.groups.forms import (
    ConclusionForm,
    GroupForm,
    ImprovementDoneForm,
    ImprovementDroppedForm,
    LogForm,
    SituationForm,
)
from tickets.handling.forms import (
    AgreeForm,
    ApproveForm,
    AssessForm,
    InvestigateForm,
    PlanForm,
    RejectForm,
    ReportForm,
)
from tickets.joining.forms import FirstContactForm, MergeForm, OtherForm, SplitForm
from tickets.more_time.forms import DecideExtensionForm, ExtendForm, PromiseForm
from tickets.parts.forms import CoAssignForm, CoDoneForm, CoWaiveForm, TransferForm

FORMS: dict[str, type[MoveForm]] = {
    "accept": AcceptForm,
    "accept_transfer": MoveForm,
    "decline_transfer": ReasonForm,
    "co_done": CoDoneForm,
    "approve": ApproveForm,
    "reject": RejectForm,
    "investigate": InvestigateForm,
    "plan": PlanForm,
    "agree": AgreeForm,
    "assess": AssessForm,
    "report": ReportForm,
    "improvement_done": ImprovementDoneForm,
    "improvement_dropped": ImprovementDroppedForm,
    "form_group": GroupForm,
    "report_situation": SituationForm,
    "log_work": LogForm,
    "conclude_group": ConclusionForm,
    "decide_extension": DecideExtensionForm,
    "assign": AssignForm,
    "return_to_dispatch": ReturnForm,
    "transfer": TransferForm,
    "co_assign": CoAssignForm,
    "co_waive": CoWaiveForm,
    "classify": ClassifyForm,
    "remind": RemindForm,
    "promise": PromiseForm,
    "extend": ExtendForm,
    "escalate": ReasonForm,
    "close": CloseForm,
    "reopen": ReasonForm,
    "change_first_contact": FirstContactForm,
    "link": OtherForm,
    "split": SplitForm,
    "merge": MergeForm,
    "unmerge": RestoreForm,
    "void": VoidForm,
    "restore": RestoreForm,
}
