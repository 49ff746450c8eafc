"""Who vouches: an authority that signs certificates, and an issuer of tokens whose keys are fetched by https. Knows no service."""

import datetime
import http.server
import ipaddress
import json
import ssl
import threading
import time

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

ISSUER = "https://login.example.com/"
AUDIENCE = "vermilion"


def private_pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


class Authority:
    """Signs certificates for names of this test; its own is written to `path`."""

    def __init__(self, folder, name):
        self.path = folder / f"{name}.crt"
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        own = self._builder(self.name, self.key).add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        self.path.write_bytes(own.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def _builder(self, subject, key):
        now = datetime.datetime.now(datetime.timezone.utc)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=1))
        )

    def issue(self, cert, key_file, *names):
        """Writes a certificate for the names and this machine's address, and its key; the number of the certificate."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        alternatives = [x509.DNSName(name) for name in names] + [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        builder = self._builder(subject, key).add_extension(x509.SubjectAlternativeName(alternatives), False)
        made = builder.sign(self.key, hashes.SHA256())
        # By renaming, as no reader may find half a file.
        for path, content in ((cert, made.public_bytes(serialization.Encoding.PEM)), (key_file, private_pem(key))):
            new = path.with_suffix(".new")
            new.write_bytes(content)
            new.replace(path)
        return made.serial_number


class Issuer:
    """Signs tokens by the newest of its keys and tells, at `url`, by which keys tokens may be signed."""

    def __init__(self, authority, folder):
        self.keys, self.published, self.fetches = {}, [], 0
        cert, key = folder / "issuer.crt", folder / "issuer.key"
        authority.issue(cert, key, "login.example.com")
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.fetches += 1
                body = json.dumps({"keys": [issuer.keys[name][1] for name in issuer.published]}).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"https://127.0.0.1:{self.server.server_port}/jwks.json"

    def add_key(self, name, algorithm):
        """Makes a key and publishes it beside those that are; nothing is signed by it yet."""
        if algorithm == "RS256":
            key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        else:
            key = ec.generate_private_key(ec.SECP256R1())
            public = jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
        self.keys[name] = (key, public | {"kid": name, "alg": algorithm, "use": "sig"}, algorithm)
        self.published.append(name)

    def token(self, key, subject, roles, **claims):
        private, _, algorithm = self.keys[key]
        claims |= {"iss": ISSUER, "aud": AUDIENCE, "sub": subject, "roles": roles, "exp": int(time.time()) + 3600}
        return jwt.encode(claims, private, algorithm=algorithm, headers={"kid": key})
