"""The lines by which quotations, signatures and programs are known.

Patterns read `narrow` lines: with wide runs of blanks, and several places where blanks may stand, a line would take minutes.
"""

import re

_LONGEST = 400
_WIDE = re.compile(r"\s{5,}")
_WROTE = (
    "写道", "寫道", "写到", "写信", "寫信", "撰写", "wrote", "writes", "said:", "a écrit", "schrieb", "geschrieben", "escribió", "escribio",
    "ha scritto", "escreveu", "schreef", "geschreven", "napisał", "napisal", "pisze", "skrev", "kirjoitti", "написал",
    "пишет", "написа", "yazdı", "a írta", "írta", "napsal", "a scris", "のメッセージ", "书き込み", "書きました", "작성", "έγραψε",
)  # fmt: skip
_OPENS = re.compile(r"\s*>?\s*(?:On|At|Am|Le|El|Il|Op|Den|Em|W dniu|Dnia|Dne|в|В|在|于|於)\s?(?=.{0,60}\d)")
_ENDS = re.compile(r"[:：]\s*(?:</?\w+>)?\s*\Z")
_TELLS_WHEN = re.compile(r"\d")
_ISO = re.compile(
    r"\s*(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2})[ ,]+\d{1,2}:\d{2}(?::\d{2})?\s*(?:GMT|UTC)?\s*[+-]\d{1,2}:?\d{2}\b.{0,200}\Z"
)
_TITLES = (
    "original message", "original", "original mail", "original appointment", "ursprüngliche nachricht", "原始邮件", "原始郵件",
    "邮件原件", "郵件原件", "原邮件", "邮件原文", "回复的原邮件", "回复的邮件", "转发的原邮件", "转发的邮件", "转发邮件信息", "转发邮件",
    "轉寄郵件", "轉寄的郵件", "原始信息", "原始消息", "原始訊息",
    "forwarded message", "forwarded mail", "forwarded by .{1,100}", "replied message", "begin forwarded message",
    "weitergeleitete nachricht", "message d'origine", "message transféré", "mensaje original", "mensaje reenviado",
    "messaggio originale", "messaggio inoltrato", "oorspronkelijk bericht", "mensagem original", "исходное сообщение",
    "пересылаемое сообщение", "元のメッセージ", "転送メッセージ", "원본 메시지",
)  # fmt: skip
_GAP = r"(?:\s|&nbsp;)*"
_RULED = re.compile(
    rf"\s*>?\s*[*_|]{{0,3}}\s*[-—_=－]{{2,}}{_GAP}(?:{'|'.join(_TITLES)}){_GAP}[-—_=－]{{2,}}"
    r"(?:.{0,5}|\s{0,5}(?:from|von|de|发件人|寄件者)\s?[:：].{1,300})\Z",
    re.IGNORECASE,
)
_TITLE = re.compile(rf"\s*(?:{'|'.join(_TITLES)})\s*\Z", re.IGNORECASE)
_DASHED = re.compile(r"\s*-{2,}\s*([^-].{10,350}?)\s*-{2,}\s*\Z")
_BY_ADDRESS = re.compile(r"[<(][^<>()\s]{1,200}@[^<>()\s]{1,200}[>)]\s*[:：]\s*\Z")
_YEAR, _TIME = re.compile(r"(?<!\d)20\d\d(?!\d)"), re.compile(r"(?<!\d)\d{1,2}[:.]\d\d(?!\d)")
_RUNS_ON = re.compile(r"\s*On .{10,150}<[^<>\s]{1,200}@[^<>\s]{1,200}>\s?wrote:\s{2,}\S")
_ABOVE = re.compile(
    r"[^\w]{0,20}(?:(?:please )?(?:reply|type your (?:reply|response)|write) above this line|请在[此本该]行(?:以上|上方|之上)).{0,40}\Z",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"\s*>?\s*\d{4}\s?[年/.-].{4,90}<[^<>\s]{1,200}@[^<>\s]{1,200}>\s*[:：]\s*\Z|\s*>?\s*Quoting .{1,200}[:：]\s*\Z"
)
_FORWARDED = (
    "begin forwarded message",
    "以下是转发的邮件",
    "开始转发的邮件",
    "下面是被转发邮件的信息",
    "以下是轉寄的郵件",
)
_FORWARD = re.compile(rf"\s*(?:{'|'.join(_FORWARDED)})\s*[:：]?\s*\Z", re.IGNORECASE)
FROM = {
    "发件人", "来自", "寄件者", "寄件人", "發件人", "发信人", "from", "von", "de", "da", "van", "от", "från", "fra", "od", "差出人",
    "보낸사람",
    "lähettäjä",
}  # fmt: skip
SUBJECT = {
    "主题",
    "主旨",
    "標題",
    "标题",
    "subject",
    "betreff",
    "objet",
    "asunto",
    "oggetto",
    "onderwerp",
    "assunto",
    "тема",
    "件名",
}
_OTHER = {
    "发送时间", "发件时间", "发送日期", "日期", "時間", "时间", "收件人", "收件者", "抄送", "抄送人", "副本",
    "主题", "主旨", "標題", "标题",
    "至", "答复", "回复", "傳送時間", "寄件日期", "傳送日期", "密送", "发自", "附件", "重要性",
    "sent", "date", "to", "cc", "bcc", "subject", "reply-to", "importance", "organization",
    "gesendet", "datum", "an", "betreff", "envoyé", "à", "objet", "envoyéle", "enviado", "fecha", "para", "asunto", "enviadoel",
    "data", "inviato", "a", "oggetto", "risposta", "verzonden", "aan", "onderwerp", "assunto", "отправлено", "дата", "кому", "тема",
    "skickat", "till", "ämne", "sendt", "til", "emne", "wysłano", "do", "temat", "送信日時", "宛先", "件名", "보낸날짜", "받는사람",
    "제목", "lähetetty", "vastaanottaja", "aihe", "dato",
}  # fmt: skip
_HEADER = re.compile(r"\s*>?\s*[*|_]{0,3}\s*([^\s:：|*][^:：|*]{0,20}?)\s*[*_]{0,3}\s*[:：|]\s*[*_]{0,3}")
_RULE = re.compile(r"\s*[_＿]{10,}\s*\Z|\s*[-—－]{20,}\s*\Z")
_DELIMITER = re.compile(r"(?:--|—)\s{0,3}\Z")
_DEVICES = (
    "iphone|ipad|ipod|mac|windows|android|安卓|手机|手機|平板|华为|小米|红米|荣耀|oppo|vivo|三星|samsung|galaxy|邮箱|邮件|郵件|信箱|"
    "客户端|outlook|foxmail|qq|网易|微信|钉钉|yahoo|设备"
)
_SIGNED = (
    rf"(?:发|發|來|来|寄)(?:送)?自[^。，！？,!?]{{0,20}}(?:{_DEVICES})[^。，！？,!?]{{0,15}}", r"从我的.{1,20}(?:发送|傳送|发出).{0,10}",
    r"從我的.{1,20}(?:傳送|寄出|發送).{0,10}",
    r"从 ?windows ?版.{0,10}邮件.{0,5}发送", r"(?:签名)?由\s*网易邮箱大师\s*(?:定制|发送)",
    r"(?:获取|下载) ?(?:适用于)?.{0,20}outlook.{0,40}",
    r"取得 ?outlook.{0,40}", r"通过.{1,20}(?:邮箱|邮件|客户端)发送", r"使用.{1,20}邮箱发送",
    r"sent (?:from|via|with|by|using)\b.{1,100}", r"from my (?:iphone|ipad|android|phone|mobile|cell).{0,30}",
    r"get outlook for.{1,60}", r"get \[outlook for.{1,90}", r"envoyé (?:de(?:puis)?|à partir de) mon .{1,40}",
    r"von meinem .{1,60} gesendet", r"gesendet (?:von|mit) .{1,40}", r"diese nachricht wurde von meinem .{1,80}",
    r"enviado (?:desde|do|de) (?:mi|meu) .{1,40}", r"inviato da(?:l mio)? .{1,40}", r"sendt fra min .{1,40}",
    r"skickat från min .{1,40}", r"verzonden (?:met|vanaf|via) .{1,40}", r"wysłane z .{1,40}", r"отправлено (?:с|из) .{1,40}",
    r"iphoneから送信", r"나의 iphone에서 보냄", r"lähetetty .{1,20}iphone.{0,10}", r"someone from mobile",
)  # fmt: skip
_PROGRAM = re.compile(rf"\s*[<(（\[*_|]{{0,3}}\s*(?:{'|'.join(_SIGNED)})\s*[>)）\]*_|]{{0,3}}\.?\s*\Z", re.IGNORECASE)


def narrow(line: str) -> str:
    return _WIDE.sub("    ", line[:_LONGEST])


def introduction(lines: list[str], at: int) -> int:
    """How many lines introduce a quotation here; 0 for none."""
    line = narrow(lines[at])
    if not line.strip() or line.lstrip().startswith(">>"):
        return 0
    if is_rule(line):
        after = first_filled(lines, at + 1)
        found = header_block(lines, after) if after < len(lines) else 0
        return after + found - at if found else 0
    if _RULED.match(line) or _FORWARD.match(line) or _ABOVE.match(line):
        after = first_filled(lines, at + 1)
        return after + header_block(lines, after) - at if after < len(lines) else 1
    if _TITLE.match(line):  # QQ's newer way: a title without rules, and the headers below
        after = first_filled(lines, at + 1)
        found = header_block(lines, after) if after < len(lines) else 0
        return after + found - at if found else 0
    return header_block(lines, at) or attribution(lines, at)


def first_filled(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def is_final(lines: list[str], at: int) -> bool:
    """A forwarded mail, or one under the headers of an old one, goes on to the end: nobody answers below it."""
    line = narrow(lines[at])
    return bool(_RULED.match(line) or _FORWARD.match(line) or is_rule(line) or header_block(lines, at))


def header_block(lines: list[str], at: int) -> int:
    """Lines like `发件人: … 发送时间: …` as Outlook, Foxmail and QQ write them: a sender and at least one more.

    Where something else comes first, a sender and two more.
    """
    first = header_name(lines[at])
    if first not in FROM and first not in _OTHER:
        return 0
    names, end, empty = set(), at, 0
    for place in range(at, min(at + 14, len(lines))):
        name = header_name(lines[place])
        if name in FROM or name in _OTHER:
            names.add(name)
            end, empty = place + 1, 0
        elif not lines[place].strip():
            empty += 1
            if empty > 1:
                break
        elif place - end > 1 or not goes_on(lines[place]):
            break
    return end - at if names & FROM and len(names) >= (2 if first in FROM else 3) else 0


def goes_on(line: str) -> bool:
    """Whether a line may be the rest of a long header: indented, or with an address or a table's edge in it."""
    return line[:1].isspace() or "@" in line or "|" in line


def header_name(line: str) -> str:
    found = _HEADER.match(narrow(line))
    return re.sub(r"\s+", "", found[1]).lower() if found else ""


def header_value(line: str) -> str:
    line = narrow(line)
    found = _HEADER.match(line)
    return line[found.end() :] if found else ""


def attribution(lines: list[str], at: int) -> int:
    """`On … wrote:` and its kin, over at most four lines."""
    first = narrow(lines[at])
    if _ISO.match(first) and (first.rstrip().endswith((":", ">", "<")) or len(first.split()) <= 10):
        return 2 if first.rstrip().endswith("<") and at + 1 < len(lines) else 1
    if _DATED.match(first) or _RUNS_ON.match(first) or ((dashed := _DASHED.match(first)) and is_attribution(dashed[1])):
        return 1
    joined = ""
    for count, line in enumerate(map(narrow, lines[at : at + 4]), start=1):
        if count > 1 and (_OPENS.match(line) or not may_open(first)):
            return 0
        if not line.strip() or (count > 1 and line.lstrip().startswith(">") and not _ENDS.search(line)):
            return 0
        joined = f"{joined} {line.strip()}"[:_LONGEST]
        if _ENDS.search(joined):
            return count if is_attribution(joined.strip()) or in_any_language(joined, lines, at + count) else 0
    return 0


def in_any_language(line: str, lines: list[str], below: int) -> bool:
    """A year, a time and an address before the colon: whatever its words mean, when the address ends it or `>` follows."""
    if "@" not in line or not _YEAR.search(line) or not _TIME.search(line):
        return False
    below = first_filled(lines, below)
    return bool(_BY_ADDRESS.search(line)) or (below < len(lines) and lines[below].lstrip().startswith(">"))


def may_open(line: str) -> bool:
    """Whether an attribution that is broken over lines may begin here: with its usual word, a time, or an address."""
    return bool(_OPENS.match(line) or re.search(r"\d{4}|\d:\d\d|[<@]", line))


def is_attribution(line: str) -> bool:
    line = line.removeprefix(">").strip()
    lower = line.lower()
    wrote = max((lower.rfind(word) + len(word) for word in _WROTE if word in lower), default=0)
    if not wrote:
        return False
    behind = _ENDS.sub("", lower[wrote:]).strip(" >*_()ał")
    if len(behind) > (200 if "@" in behind else 60):
        return False
    return bool(_TELLS_WHEN.search(line) or re.search(r"[<@(（].{0,200}[>@)）]", line)) and not re.search(
        r"[。！？]\s*\S", line
    )


def ends_text(line: str) -> bool:
    """The line that stands before a signature."""
    return bool(_DELIMITER.match(line))


def is_rule(line: str) -> bool:
    """A line drawn across, as Outlook and DingTalk put before what they quote."""
    return bool(_RULE.match(narrow(line)))


def is_underline(line: str) -> bool:
    """The line of underscores that some draw above their signature; dashes also part the points of a list."""
    return is_rule(line) and line.lstrip()[:1] in "_＿"


def is_program(line: str) -> bool:
    """`Sent from my iPhone`, `发自我的小米手机`: signed by a program."""
    return bool(_PROGRAM.match(narrow(line)[:150]))


def card(lines: list[str]) -> int:
    """Where a visiting card in a table begins at the end of a text (网易邮箱大师); its length when there is none."""
    edges = [at for at, line in enumerate(lines) if line.strip() in {"|", "| |", "||"}]
    for at in edges[-6:]:
        if (
            len(lines) - at <= 14
            and sum(place >= at for place in edges) >= 2
            and all(len(line) <= 60 for line in lines[at:])
        ):
            return at
    return len(lines)
