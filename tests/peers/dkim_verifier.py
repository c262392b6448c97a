"""An independent verifier of DKIM signatures (dkimpy); the DNS is a file.

    dkim_verifier.py keys FOLDER            writes FOLDER/rsa.pem and FOLDER/ed25519.pem, and their public halves to FOLDER/dns.json
    dkim_verifier.py verify FOLDER LETTER…  says `pass` or `fail` of each letter
"""

import base64
import json
import os
import sys


def keys(folder):
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

    records = {}
    made = {"rsa": rsa.generate_private_key(65537, 2048), "ed25519": ed25519.Ed25519PrivateKey.generate()}
    for kind, key in made.items():
        pem = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
        with open(os.path.join(folder, f"{kind}.pem"), "wb") as out:
            out.write(pem)
        if kind == "rsa":
            public = key.public_key().public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo)
        else:
            public = key.public_key().public_bytes(form.Encoding.Raw, form.PublicFormat.Raw)
        records[f"{kind}._domainkey.firm.example."] = f"v=DKIM1; k={kind}; p={base64.b64encode(public).decode()}"
    with open(os.path.join(folder, "dns.json"), "w", encoding="utf-8") as out:
        json.dump(records, out)


def verify(folder, letters):
    import dkim

    with open(os.path.join(folder, "dns.json"), encoding="utf-8") as file:
        records = json.load(file)

    def dns(name, timeout=5):
        return records.get(name.decode() if isinstance(name, bytes) else name, "").encode()

    for letter in letters:
        with open(letter, "rb") as file:
            print("pass" if dkim.verify(file.read(), dnsfunc=dns) else "fail")


if sys.argv[1] == "keys":
    keys(sys.argv[2])
else:
    verify(sys.argv[2], sys.argv[3:])
