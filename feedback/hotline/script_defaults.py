"""What an agent asks and says on the telephone, until the office writes its own."""

from django.utils.translation import gettext_lazy as _

from tickets.workflow import Nature

SCRIPTS = {
    Nature.COMPLAINT: _(
        "1. Greet, give your name, and say that you are sorry for the trouble.\n"
        "2. Is anybody in danger, does it smoke, burn or leak? Then the emergency first.\n"
        "3. What happened, when, where, with which product? Repeat it in one sentence and ask whether it is right.\n"
        "4. What would put it right? Promise nothing that is not yours to promise.\n"
        "5. How may we reach you, and may we keep this number?\n"
        "6. Tell number and tracking code, and by when there is an answer."
    ),
    Nature.SUGGESTION: _(
        "1. Greet, give your name, thank for the time.\n"
        "2. What should be different, and what would it bring to whom?\n"
        "3. Has the customer seen it done well elsewhere?\n"
        "4. May we come back with questions? Name and number.\n"
        "5. Every suggestion is assessed; tell number and tracking code, and by when the result is known."
    ),
    Nature.INQUIRY: _(
        "1. Greet, give your name.\n"
        "2. What does the customer want to know, and what for? Model and purchase, if it is about a product.\n"
        "3. Look whether it is known already; answer at once where you are sure.\n"
        "4. Where you are not: who finds out, and by when will we call?\n"
        "5. Was that what you wanted to know? Then tick that a first answer was given."
    ),
}
