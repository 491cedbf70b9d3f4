"""Everything a person may paste to sign in, all of one session: its token, and a refresh token beside it."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from urllib.parse import quote

from tests.build import jwt
from tests.clock import NOW

END = NOW + timedelta(minutes=42)
REFRESH = "v1.refresh-canary-Zm9vYmFy"


def base64(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


JWT = jwt(sub="6a1b", role="authenticated", exp=int(END.timestamp()), email="ana@example.org", pad="x" * 500)
FIELDS = {"access_token": JWT, "refresh_token": REFRESH, "token_type": "bearer", "user": {"name": 'A; "B" C'}}
OBJECT = json.dumps(FIELDS, separators=(",", ":"))
ARRAY = json.dumps([JWT, REFRESH, None, None, None])
PACKED = "base64-" + base64(OBJECT)
THIRD = len(PACKED) // 3
CHUNKS = f"sb-abc-auth-token.0={PACKED[:THIRD]}; sb-abc-auth-token.1={PACKED[THIRD:]}"
HEADER = f"theme=dark; sb-access-token={JWT}; sb-refresh-token={REFRESH}; _ga=GA1.1"

FORMS = {
    "bare": JWT,
    "spaces and newlines around": f"\n  {JWT} \r\n",
    "wrapped by the terminal": "\n".join(JWT[at : at + 80] for at in range(0, len(JWT), 80)),
    "quoted": f'"{JWT}"',
    "quoted wrapped, Windows line ends": "'" + "\r\n".join([JWT[:99], JWT[99:]]) + "'",
    "byte order mark": "\ufeff" + JWT,
    "bearer": f"Bearer {JWT}",
    "authorization header": f"authorization: bearer {JWT}",
    "named": f"sb-access-token={JWT}",
    "named and quoted": f'sb-access-token="{JWT}";',
    "named, all in quotes": f'"sb-access-token={JWT}"',
    "cookies": HEADER,
    "cookie header": f"Cookie: {HEADER}",
    "headers": f"GET / HTTP/1.1\r\nHost: x\r\nCookie: a=b; sb-access-token={JWT}\r\nAccept: */*\r\n",
    "curl -b": f"curl 'https://x/api/v1/keys' \\\n  -H 'accept: */*' \\\n  -b '{HEADER}' \\\n  --compressed",
    "curl -b, token last": f"curl 'https://x/' -b 'a=b; sb-access-token={JWT}' -H 'accept: */*'",
    "curl -H": f"curl 'https://socdefenders.ai/' -H 'cookie: {HEADER}' -H 'x: y'",
    "curl double quotes": f'curl "https://socdefenders.ai/" -H "Cookie: {HEADER}" --compressed',
    "curl dollar quotes": f"curl 'https://x' -b $'a=it\\'s\\u0021; sb-access-token={JWT}' -H 'x: y'",
    "curl cmd": f'curl ^"https://x^" ^\r\n  -b ^"a=^%^20; sb-access-token={JWT}^" ^\r\n  -H ^"x: y^"',
    "curl bearer": f"curl 'https://x' -H 'apikey: {jwt(role='anon')}' -H 'authorization: Bearer {JWT}'",
    "curl options only": f"-H 'cookie: {HEADER}'",
    "curl, raw JSON": f"curl 'https://x' -b 'sb-abc-auth-token={ARRAY}' -H 'x: y'",
    "object": OBJECT,
    "object, pretty": json.dumps(FIELDS, indent=2),
    "object, a bearer by name": json.dumps({"name": "bearer 0123456789abcdefghij", **FIELDS}),
    "array": ARRAY,
    "object in its cookie": f"sb-abc-auth-token={quote(OBJECT)}",
    "object in its cookie, raw": f"sb-abc-auth-token={OBJECT}",
    "array in its cookie": f"a=b; sb-abc-auth-token={quote(ARRAY)}; c=d",
    "packed": PACKED,
    "packed without its prefix": PACKED.removeprefix("base64-"),
    "packed array without its prefix": base64(ARRAY),
    "packed in its cookie": f"sb-abc-auth-token={PACKED}",
    "packed and URL-encoded": f"sb-abc-auth-token={quote(PACKED)}%3D",
    "packed under the documented name": f"sb-access-token={PACKED}",
    "chunks": CHUNKS,
    "chunks backwards": "; ".join(reversed(CHUNKS.split("; "))),
    "chunks line by line": CHUNKS.replace("; ", "\n"),
    "chunks URL-encoded": "; ".join(
        f"sb-abc-auth-token.{number}={quote(part)}" for number, part in enumerate([OBJECT[:50], OBJECT[50:]])
    ),
    "chunks, then a left-over after a gap": f"{CHUNKS}; sb-abc-auth-token.3=left-over",
    "chunks and an empty whole": f"sb-abc-auth-token=; {CHUNKS}",
    "whole and left-over chunks": f"sb-abc-auth-token.0=left-over; sb-abc-auth-token={PACKED}",
    "empty documented cookie": f"sb-access-token=; {CHUNKS}",
    "code verifier beside": f"sb-abc-auth-token-code-verifier=base64-Zm9v; {CHUNKS}",
}


ENDED = jwt(sub="6a1b", role="authenticated", exp=int((NOW - timedelta(hours=2)).timestamp()))
STORED = {"domain": "socdefenders.ai", "path": "/", "secure": True, "session": False, "storeId": None}


def har(*cookies: dict[str, object], header: str = HEADER) -> str:
    """A recording of two requests, the second of the dashboard."""
    headers = [{"name": "Accept", "value": "*/*"}, {"name": "Cookie", "value": header}]
    body = {"mimeType": "application/json", "text": json.dumps({"user": {"id": "6a1b"}})}
    entries = [
        {"request": {"method": "GET", "url": "https://x/logo.svg", "headers": [], "cookies": []}},
        {
            "request": {"url": "https://x/api/v1/keys", "headers": headers, "cookies": list(cookies)},
            "response": {"status": 200, "content": body},
        },
    ]
    return json.dumps({"log": {"version": "1.2", "entries": entries}}, indent=2)


def spelt(token: str, mark: str) -> str:
    """The token with something in it that nobody sees."""
    return mark.join(token[at : at + 40] for at in range(0, len(token), 40))


COPIED = {
    "row of the developer tools": f"sb-access-token\t{JWT}\tx.ai\t/\t2026-12-01T10:00:00.000Z\t712\t✓\tLax",
    "rows of the developer tools": f"_ga\tGA1.1\tx.ai\t/\nsb-access-token\t{JWT}\tx.ai\t/\n"
    f"sb-refresh-token\t{REFRESH}\tx.ai\t/",
    "row, blanks for tabs": f"sb-access-token {JWT} socdefenders.ai / Session 712",
    "cookies.txt": "# Netscape HTTP Cookie File\n"
    f"x.ai\tFALSE\t/\tTRUE\t1795999999\t_ga\tGA1.1\n#HttpOnly_.x.ai\tTRUE\t/\tTRUE\t1795999999\tsb-access-token\t{JWT}\n",
    "cookies.txt of the site's own": "# Netscape HTTP Cookie File\n"
    f"x.ai\tFALSE\t/\tTRUE\t0\tsb-abc-auth-token.0\t{PACKED[:THIRD]}\nx.ai\tFALSE\t/\tTRUE\t0\tsb-abc-auth-token.1\t{PACKED[THIRD:]}\n",
    "cookies.txt, the live one of two": f"x.ai\tFALSE\t/old\tTRUE\t0\tsb-access-token\t{ENDED}\n"
    f"x.ai\tFALSE\t/\tTRUE\t0\tsb-access-token\t{JWT}",
    "cookie editor": json.dumps(
        [
            {**STORED, "name": "_ga", "value": "GA1.1"},
            {**STORED, "name": "sb-access-token", "value": JWT, "expirationDate": 1795999999.5},
            {**STORED, "name": "sb-refresh-token", "value": REFRESH},
        ],
        indent=4,
    ),
    "cookie editor, chunks": json.dumps(
        [
            {**STORED, "name": "sb-abc-auth-token.1", "value": PACKED[THIRD:]},
            {**STORED, "name": "sb-abc-auth-token.0", "value": PACKED[:THIRD]},
        ]
    ),
    "HAR": har(),
    "HAR, cookies alone": har({"name": "sb-access-token", "value": JWT, "expires": None}, header="a=b"),
    "HAR of the site's own": har(header=CHUNKS),
    "HAR of a sign-in": json.dumps({"log": {"entries": [{"response": {"content": {"text": OBJECT}}}]}}),
    "HAR, cut": har()[:-200],
    "Firefox's storage": f'sb-access-token:"{JWT}"',
    "Firefox's storage, all of it": f'sb-access-token:"{JWT}"\nCreated:"Sun, 22 Nov 2026"\nPath:"/"',
    "Firefox's storage, the site's own": f'sb-abc-auth-token:"{PACKED}"\nCreated:"Sun, 22 Nov 2026"',
    "Firefox's network": json.dumps({"Request Cookies": {"_ga": "GA1.1", "sb-access-token": JWT}}),
    "Firefox's network, response": json.dumps({"Response Cookies": {"sb-access-token": {"value": JWT}}}),
    "fetch": 'fetch("https://x/api/v1/keys", {\n  "headers": {\n    "accept": "*/*",\n'
    f'    "authorization": "Bearer {JWT}",\n    "sec-fetch-dest": "empty"\n  }},\n'
    '  "body": null,\n  "method": "GET"\n});',
    "fetch for Node.js": 'fetch("https://x/api/v1/keys", {\n  "headers": {\n    "accept": "*/*",\n'
    f'    "cookie": "theme=dark; sb-access-token={JWT}"\n  }},\n  "method": "GET"\n}});',
    "PowerShell": "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n"
    f'$session.Cookies.Add((New-Object System.Net.Cookie("sb-access-token", "{JWT}", "/", "x.ai")))\n'
    f'$session.Cookies.Add((New-Object System.Net.Cookie("sb-refresh-token", "{REFRESH}", "/", "x.ai")))\n'
    'Invoke-WebRequest -UseBasicParsing -Uri "https://x/api/v1/keys" `\n-WebSession $session',
    "PowerShell headers": 'Invoke-RestMethod "https://x" -Headers @{\n'
    f'"authorization"="Bearer {JWT}"\n  "x"="y"\n}}',
    "PowerShell, the site's own": "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n"
    f'$session.Cookies.Add((New-Object Net.Cookie("sb-abc-auth-token.0", "{PACKED[:THIRD]}", "/", "x")))\n'
    f'$session.Cookies.Add((New-Object Net.Cookie("sb-abc-auth-token.1", "{PACKED[THIRD:]}", "/", "x")))\n'
    'Invoke-WebRequest -UseBasicParsing -Uri "https://x/api/v1/keys"',
    "Firefox's storage, chunks": f'sb-abc-auth-token.0:"{PACKED[:THIRD]}"\nPath:"/"\n'
    f'sb-abc-auth-token.1:"{PACKED[THIRD:]}"\nPath:"/"',
    "fetch for Node.js, chunks": f'fetch("https://x", {{\n  "headers": {{\n    "cookie": "{CHUNKS}"\n  }},'
    '\n  "body": null,\n  "method": "GET"\n});',
    "Python, chunks": f"cookies = {{'sb-abc-auth-token.0': '{PACKED[:THIRD]}', "
    f"'sb-abc-auth-token.1': '{PACKED[THIRD:]}'}}",
    "rows of the developer tools, chunks": f"sb-abc-auth-token.0\t{PACKED[:THIRD]}\tx.ai\t/\n"
    f"sb-abc-auth-token.1\t{PACKED[THIRD:]}\tx.ai\t/",
    "wget": f"wget --quiet --header 'Accept: */*' --header 'Cookie: {HEADER}' --output-document - https://x/",
    "wget, double quotes": f'wget --header="Cookie: a=b; sb-access-token={JWT}" "https://x/"',
    "HTTPie": f"http GET https://x/ Cookie:sb-access-token={JWT} Accept:*/*",
    "curl.exe": f'curl.exe "https://x/" -H "Cookie: {HEADER}"',
    "a shell's prompt": f"$ curl 'https://x/' -b '{HEADER}'",
    "Python": f"cookies = {{\n    'theme': 'dark',\n    'sb-access-token': '{JWT}',\n}}",
    "name and colon": f"sb-access-token: {JWT}",
    "name and equals, apart": f"sb-access-token = {JWT}",
    "Set-Cookie": f"set-cookie: sb-access-token={JWT}; Path=/; HttpOnly; Secure",
    "mail": "\n".join(f"> {line}" for line in ["On Sunday Ann wrote:", f"sb-access-token={JWT}"]),
    "mail, quoted twice and wrapped": "\n".join(f"> > {JWT[at : at + 70]}" for at in range(0, len(JWT), 70)),
    "a mail's source": "sb-access-token=3D" + "=\r\n".join([JWT[:70], JWT[70:]]),
    "HTML": f"<td>sb-access-token</td><td><code>{JWT}</code></td>",
    "CSV": f'"sb-access-token","{JWT}","x.ai"',
    "browser's raw headers": f"cookie\na=b; sb-access-token={JWT}; c=d\nuser-agent\nMozilla/5.0",
    "a shell's variable": f"export SOCD_SESSION_TOKEN='{JWT}'",
    "mail, in a sentence": f"Hi, this is it: {JWT}, it lasts an hour.",
    "zero-width spaces": spelt(JWT, "\u200b"),
    "soft hyphens": f"sb-access-token={spelt(JWT, chr(0xAD))}",
    "word joiners and marks": spelt(JWT, "\u2060\ufeff\u200e"),
    "smart quotes": f"\u201c{JWT}\u201d",
    "smart quotes in a command": f"curl \u2018https://x/\u2019 -b \u2018a=b; sb-access-token={JWT}\u2019",
    "hard blanks": f"\u00a0sb-access-token:\u00a0{JWT}\u00a0",
    "code in a chat": f"`{JWT}`",
    "UTF-16 read as bytes": f"sb-access-token={JWT}".encode("utf-16-le").decode("latin-1"),
    "the live one of two, first": f"sb-access-token={JWT}; sb-access-token={ENDED}",
    "the live one of two, last": f"Cookie: sb-access-token={ENDED}; a=b; sb-access-token={JWT}",
    "the same one twice": f"sb-access-token={JWT}; sb-access-token={JWT}",
    "an ended one in the documented cookie": f"sb-access-token={ENDED}; {CHUNKS}",
    "an ended one of the site's own": f"sb-abc-auth-token={quote(json.dumps([ENDED, REFRESH]))}; {CHUNKS}",
}
