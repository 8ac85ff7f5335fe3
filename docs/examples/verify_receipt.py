#!/usr/bin/env python3
"""Verifies a receipt of a Regional Safeguarding Data Hub with nothing but Python 3: no package, no connection.

    python3 verify_receipt.py RECEIPT HUB_KEY [ENVELOPE]

RECEIPT is a file: the receipt, or the hub's answer that holds it. HUB_KEY is hub.json's ledgerKey, or a file: such lines, or
a saved hub.json whose ledgerKeys hold the keys of earlier years. ENVELOPE is the file that was sent.
Exit 0: the receipt holds, and what was recorded is printed; 1: it does not, and why; 2: called in another way.
Formats: c2sp.org/tlog-proof, signed-note and tlog-checkpoint; RFC 6962 hashing; Ed25519 of RFC 8032.
"""
import base64, hashlib, json, os, re, sys

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, I, BASE_Y = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P), 4 * pow(5, -1, P) % P


def need(holds, why):
    holds or sys.exit("The receipt does not hold: " + why)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def decode(text):  # base64 in its one form
    raw = base64.b64decode(text, validate=True)
    need(base64.b64encode(raw).decode() == text, "base64 in another form")
    return raw


def recover(y, odd):  # the point of the curve with that y, and an odd or even x
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * I % P
    need((x * x - square) % P == 0 and y < P and (x or not odd), "not a point of the curve")
    x = x if x & 1 == odd else P - x
    return x, y, 1, x * y % P


def plus(p, q):  # extended coordinates, RFC 8032 section 5.1.4
    a, b, c, d = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0]), 2 * p[3] * q[3] * D, 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(point, n):
    sum = (0, 1, 1, 0)
    for bit in bin(n)[2:]:
        sum = plus(plus(sum, sum), point) if bit == "1" else plus(sum, sum)
    return sum


def signed(key, text, signature):  # [S]B - [k]A is R, byte for byte
    y, s = int.from_bytes(key, "little"), int.from_bytes(signature[32:], "little")
    x, y, z, t = recover(y & (2**255 - 1), y >> 255)
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % L
    x, y, z, t = plus(times(recover(BASE_Y, 0), s), times((P - x, y, z, P - t), k))
    x, y = x * pow(z, -1, P) % P, y * pow(z, -1, P) % P
    return len(signature) == 64 and s < L and (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


def verify(receipt, keys, envelope=None):
    proof, _, note = (json.loads(receipt)["receipt"] if receipt[:1] == b"{" else receipt.decode()).partition("\n\n")
    need(re.fullmatch(r"c2sp.org/tlog-proof@v1\nextra \S+\nindex (0|[1-9]\d*)(\n\S+)*", proof), "not a receipt")
    extra, index, *path = proof.split("\n")[1:]
    leaf, index, path = decode(extra[6:]), int(index[6:]), [decode(line) for line in path]
    match = re.fullmatch(r"((\S+)\n(0|[1-9]\d*)\n(\S{44})\n)\n— (\S+) (\S+)\n", note)
    need(match, "no checkpoint with one signature")
    text, hub, size, root, name, line = match.groups()
    line, size, root = decode(line), int(size), decode(root)
    key = next((key for key in keys if key.startswith(f"{name}+{line[:4].hex()}+")), None)
    need(key and name == hub, "signed by a key that is not given")
    public = decode(key[len(name) + 10 :])
    need(len(public) == 33 and sha256(name.encode(), b"\n", public)[:4] == line[:4] and public[0] == 1, "no such key")
    need(signed(public[1:], text.encode(), line[4:]), "the signature is wrong")
    here, last, node = index, size - 1, sha256(b"\x00", leaf)
    for hash in path:  # RFC 9162 section 2.1.3.2
        need(last > 0 and len(hash) == 32, "too long a proof")
        if here & 1 or here == last:
            node = sha256(b"\x01", hash, node)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            node = sha256(b"\x01", node, hash)
        here, last = here >> 1, last >> 1
    need(index < size and last == 0 and node == root, "what it says is not in the ledger")
    said = json.loads(leaf)
    need(json.dumps(said, separators=(",", ":"), sort_keys=True).encode() == leaf, "the entry is in another form")
    need(said["hub"] == hub and said["kind"] == "submission", "another hub or another kind of entry")
    need(envelope is None or hashlib.sha256(envelope).hexdigest() == said["envelope"], "of another envelope")
    return said


if __name__ == "__main__":
    len(sys.argv) in (3, 4) or sys.exit(print(__doc__) or ("--help" not in sys.argv) * 2)
    sys.excepthook = lambda *_: print("The receipt does not hold: it cannot be read", file=sys.stderr)
    files = [open(name, "rb").read() for name in sys.argv[1:2] + sys.argv[3:]]
    given = open(sys.argv[2]).read() if os.path.exists(sys.argv[2]) else sys.argv[2]
    print(json.dumps(verify(files[0], re.findall(r"[^\s\"]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+", given), *files[1:]), indent=2))
