"""How texts try to give orders to whatever reads them; English and Chinese."""

import re
from collections.abc import Mapping


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.I | re.M)


_READER = r"(?:ai|assistant|model|bot|chatbot|gpt|llm|system|copywriter|writer)"

#: By the name that is recorded.
PATTERNS: Mapping[str, re.Pattern[str]] = {
    "override": _any(
        r"\b(?:ignor|disregard|forget|overrid|bypass|skip)\w*\b.{0,40}\b(?:instruction|prompt|rule|previous|above|prior|guideline|order)",
        r"\bnew (?:instructions?|rules?|task|orders?)\b|\binstead(?: of that)?,? (?:write|say|output|print)",
        r"\bfrom now on\b|\bstop (?:writing|describing|following)\b",
        r"(?:忽略|无视|忘记|忘掉|跳过).{0,12}(?:指令|提示|说明|要求|规则|之前|以上|前面)|新的?(?:指令|任务|要求)|从现在起",
    ),
    "role": _any(
        r"\byou are (?:now|an?|no longer)\b.{0,30}" + _READER,
        r"\b(?:act|behave|pretend|respond|answer) (?:as|like)\b",
        r"\b(?:dear|hey|hello|attention|note to|message to|dear) (?:the )?" + _READER + r"\b",
        r"^\W*(?:system|assistant|user|developer|human)\s?:",
        r"<\|?\s?/?(?:im_start|im_end|system|assistant|user|endoftext)|\[/?inst\]|<</?sys>>|#{2,} ?(?:instruction|response|system)",
        r"(?:你|您)(?:现在)?是.{0,8}(?:助手|模型|ai|机器人)|扮演|致?(?:ai|模型|助手)\s?[:：]",
    ),
    "probe": _any(
        r"\b(?:reveal|print|repeat|show|output|leak|tell me|quote)\b.{0,40}\b(?:prompt|instructions?|system message|rules|secret|password|key)",
        r"(?:显示|输出|重复|泄露|告诉我).{0,10}(?:提示词|指令|系统|密码|密钥|规则)",
    ),
    "dictation": _any(
        r"\b(?:you (?:must|should|have to|need to)|please|always|make sure to|be sure to|the description (?:must|should|has to))\b.{0,30}"
        r"\b(?:write|say|mention|state|include|add|insert|claim|append|end with|begin with|recommend|praise)\b",
        r"\b(?:in (?:the|your) (?:description|text|summary|answer|output))\b.{0,40}\b(?:say|write|mention|include|add|state)",
        r"\b(?:write|say|mention|state|include|add|insert|claim|append)\b.{0,20}\b(?:that|this link|the following|exactly|verbatim|word for word|these words)\b",
        r"(?:必须|务必|请|一定要).{0,10}(?:写|说|提到|加上|添加|包含|声明|推荐|插入)|在(?:描述|文案|简介)(?:中|里|末尾)",
    ),
    "address": _any(
        r"https?:|\bwww\.|\bhxxp|\b[\w-]+ ?(?:\[?dot\]?|\(dot\)) ?(?:com|net|org|example)\b"
    ),
    "contact": _any(
        r"\b(?:whatsapp|telegram|wechat)\b|微信|加我|\+\d(?:[ ().-]?\d){7,}|@[a-z]\w+\.\w"
    ),
    "markup": _any(r"<\s?/?[a-z!][^>]{0,400}>|\]\(\s?\w+:|!\[|```|\{\{|&#x?\w+;"),
    "encoded": _any(
        r"\b[A-Za-z0-9+/]{40,}={0,2}|(?:\\x[0-9a-f]{2}){4,}|(?:%[0-9a-f]{2}){6,}|\bbase64\b|\brot13\b"
    ),
    "tongue": _any(
        r"\b(?:write|answer|respond|reply|continue|translate)\b.{0,20}\bin (?:french|german|spanish|chinese|english|russian|arabic)\b",
        r"用(?:英文|中文|法语|德语|日语)(?:写|回答|输出)|翻译成",
    ),
}
