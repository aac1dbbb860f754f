"""What no description may hold, by how it is written; English and Chinese."""

import re
from collections.abc import Mapping

_TOP = (
    r"(?:com|net|org|info|biz|shop|store|online|site|xyz|top|club|vip|app|dev|link|click|live|"
    r"io|ai|co|cc|tv|cn|ru|de|uk|eu|fr|es|nl|pl|jp|kr|hk|tw|sg|au|ca|us|br|"
    r"example|invalid|test|localhost)"
)
_MONEY = (
    r"(?:usd|eur|gbp|cny|rmb|inr|sar|jpy|aed|chf|us\$|dollars?|euros?|rupees?|riyals?|yuan|"
    r"pounds? sterling|bucks|cents)"
)
_SIGN = "[$€£¥₹₽₩฿]"
_HAN_NUMBER = r"[\d,.]*\d|[一二三四五六七八九十百千万两]+"
_DIGIT_WORD = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.I | re.M)


#: By the name of the violation. Looked for in every way to read a text.
PATTERNS: Mapping[str, re.Pattern[str]] = {
    "url": _any(
        r"\b(?:https?|hxxps?|ftp|javascript|data|mailto|tel)\s?:\s?\S",
        r"\bwww\s?\.\s?\w",
        r"(?<![\w.])[\w-]{2,63}(?:\.|\s+\.\s?)(?:[\w-]+\.)*" + _TOP + r"\b(?!\s?\d)(?![-'])",
        r"\b[a-z]\w+\.[a-z]{2,6}/\w",
        r"\w+\s?[\[({<]\s?(?:\.|dot|点)\s?[\])}>]\s?\w",
        r"\w+\s?[\[({]?\s?\bdot\b\s?[\])}]?\s?" + _TOP + r"\b",
        r"\w+\s?点\s?(?:com|cn|net|org|shop)\b",
        r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])",
    ),
    "contact": _any(
        r"(?<![\w@])@[a-z]\w{2,}",
        r"\b(?:whatsapp|telegram|wechat|weixin|signal|instagram|facebook|tiktok|line id|qq)\b"
        r"\s?(?:us|me|id|:|at|on|group|\d|@)",
        r"\b(?:call|phone|text|e-?mail|contact|write to|message|dm) (?:us|me|our|now|today)\b",
        r"(?:微信|薇信|加微|qq|扣扣|电话|手机|热线|客服|联系)\s?(?:号|群|我们|我|:|：)",
    ),
    "phone": _any(
        r"(?:\b" + _DIGIT_WORD + r"\b[\s,-]*){7,}",
        r"[〇零一二三四五六七八九幺]{7,}",
        r"(?<![\d.,×x])\+\s?\d(?:[\s().-]*\d){6,14}(?!\d)",
        r"(?<![\d.,])(?:\d[\s.-]){7,}\d(?!\d)",
        r"\b(?:tel|phone|call|dial|ring|hotline|fax|电话|手机|致电)\D{0,12}\d(?:[\s().-]*\d){5,}",
    ),
    "price": _any(
        _SIGN + r"\s?\d",
        r"\d\s?" + _SIGN,
        r"\b" + _MONEY + r"\s?\d",
        r"\d\s?" + _MONEY + r"\b",
        r"\b(?:dollars|euros|rupees|riyals)\b",
        r"\brs\.?\s?\d",
        r"\b(?:price[ds]?|costs?|sells?|pay|retail)\b[^.]{0,24}\d",
        r"\b(?:only|just) \d+(?:[.,]\d\d)\b",
        r"(?:" + _HAN_NUMBER + r")\s?(?:元(?!素)|块钱|美元|欧元|人民币|美金)",
        r"(?:售价|价格|原价|现价|到手价|仅售|只要)",
    ),
    "discount": _any(
        r"%\s?off\b(?!\W?white)",
        r"\d\s?(?:%|percent)\s(?:cheaper|less|discount|reduction|reduced|savings?)",
        r"\bdiscount(?:s|ed)?\b|\bcoupons?\b|\bvouchers?\b|\bcash\s?back\b|\bpromo(?:tion(?:al)?)?\b",
        r"\bon sale\b|\bsale (?:price|ends)\b|\b(?:special|limited|exclusive)(?:[ -]time)? (?:offer|deal)",
        r"\b(?:best|lowest|half|cheapest|bargain|reduced)[ -]prices?\b|\bclearance\b|\bcheapest\b",
        r"\bfree (?:shipping|delivery|gift with|trial)\b|\bbuy (?:one|1|two|2),? get\b|\bsave (?:up|\d)",
        r"\b(?:use|enter|with) (?:the )?code\b|\blimited time\b|\bhurry\b|\border (?:now|today)\b",
        r"折扣|打\s?(?:\d|[一二三四五六七八九])|[\d一二三四五六七八九]\s?折(?![叠页])|优惠|特价|促销|满减|包邮|"
        r"买一送|限时|秒杀|领券|红包|清仓|返现|免运费|立减",
    ),
    "legal_promise": _any(
        r"\bguarant(?:ee|y|ies|or)\w*",
        r"\bwarrant(?:y|ies|ed|s)\b(?! (?:cards?|certificates?)\b)",
        r"\bmoney[ -]?back\b|\brefund\w*|\breimburs\w*|\brisk[ -]free\b|\bno questions asked\b",
        r"\b(?:free|easy|\d+[ -]days?) (?:returns?|replacements?|exchanges?)\b|\breturns? (?:policy|accepted|within)",
        r"\b(?:we|you) (?:promise|pledge|swear|are entitled)\b|\blegally\b|\bliab(?:le|ility)\b",
        r"\bcompensat(?:e|ed|ion)\b|\blifetime (?:support|cover\w*|service)\b",
        r"保证|质保|保修|包退|包换|退款|退货|退换|假一赔|赔偿|理赔|终身|承诺|无条件|法律责任|三包",
    ),
    "markup": _any(
        r"<\s?/?\s?[a-z!][^<>]{0,2000}>?(?=.|$)",
        r"&(?:[a-z]{2,8}|#\d{1,7}|#x[0-9a-f]{1,6});",
        r"\[[^\]\n]{0,400}\]\s?[(\[:]",
        r"!\[|\*\*|__|~~|```|`[^`]+`|^\s{0,3}#{1,6}\s|^\s{0,3}>\s|^\s{0,3}[-*+]\s|^\s{0,3}\d+[.)]\s{1,3}[A-Z]",
        r"\{\{|\}\}|\{%|%\}|\$\{|\\u[0-9a-f]{4}|\|\s?-{3}|\bon(?:error|click|load)\s?=",
    ),
    "leaked_instructions": _any(
        r"\b(?:ignor|disregard|forget|overrid|bypass)\w*\b.{0,40}\b(?:instruction|prompt|rule|previous|above|prior|guideline)",
        r"\b(?:system|developer|hidden|initial|secret) (?:prompt|message|instruction)s?\b",
        r"\bas an? (?:ai|artificial|language model|assistant|chatbot)\b|\b(?:large )?language model\b",
        r"\byou are (?:now |a |an )?(?:helpful|assistant|ai\b|chatbot|copywriter|dan\b|writing|free)",
        r"\bi(?:'m| am) (?:sorry|unable|an? ai)\b|\bi can(?:not|'t) (?:help|assist|comply|fulfil)",
        r"<\|?\s?(?:im_start|im_end|system|assistant|user|endoftext)|\[/?inst\]|<</?sys>>",
        r"^\W*(?:system|assistant|user|human|instructions?|prompt|response|output|task)\s?:",
        r"\bmust_mention\b|\bbanned_words\b|\bmax_length\b|\bmin_length\b|\bshop_text\b|\"(?:product|rules)\"\s?:",
        r"\b(?:here is|here's|below is) (?:the|a|your|my) (?:\w+ ){0,3}(?:description|text|copy|summary)",
        r"\bsure[,!] |\bcertainly[,!] |\bmy (?:instructions|guidelines|prompt|rules)\b|\bwrite a (?:product )?description",
        r"\b(?:do not|don't|never) (?:mention|write|reveal|say|include) (?:any|the|that|this|a )",
        r"(?:忽略|无视|忘记|忘掉).{0,12}(?:指令|提示|说明|要求|规则|之前|以上)|系统提示|提示词|(?:作为|我是).{0,4}(?:ai|人工智能|语言模型|助手)",
        r"(?:以下|下面|这)是.{0,10}(?:描述|文案|简介)|根据(?:您|你)的(?:要求|指示)|请(?:写|输出|回答|注意不要)",
    ),
}
