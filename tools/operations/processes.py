"""What is started here and ended here: replicas of the service, and nginx with deploy/nginx.conf before them."""

import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from checklist import free_port

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
NAME, INNER_NAME = "vermilion.example.com", "vermilion.internal"


def wait_until(condition, what, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)


class Listener:
    """What listens at `port` of this machine, and keeps a `log`."""

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def told(self, text):
        """How many lines of its log hold this."""
        return sum(text in line for line in self.log.read_text(errors="replace").splitlines())


class Replica(Listener):
    """The program at an address that it keeps, also when it is started again."""

    def __init__(self, program, folder, name, config, environment, authority):
        self.program, self.name, self.process, self.starts = program, name, None, 0
        self.port, self.admin = free_port(), free_port()
        self.cert, self.key, self.log = (folder / f"{name}.{end}" for end in ("crt", "key", "log"))
        self.authority = authority
        self.serial = self.renew()
        self.environment = environment | {
            "VERMILION_CONFIG": str(config),
            "VERMILION_SERVER__LISTEN": self.address,
            "VERMILION_SERVER__ADMIN": f"127.0.0.1:{self.admin}",
            "VERMILION_SERVER__TLS__CERT": str(self.cert),
            "VERMILION_SERVER__TLS__KEY": str(self.key),
        }

    def renew(self):
        """A new certificate in its files, of which nobody has told it; the number."""
        return self.authority.issue(self.cert, self.key, INNER_NAME)

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([self.program, "serve"], env=self.environment, stderr=log, stdout=log)
        self.starts += 1
        wait_until(self.is_ready, f"{self.name} is ready")

    def is_ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"{self.name} has ended: {self.log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/readyz", timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def metric(self, pattern):
        """The sum of the lines of /metrics that match."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if re.match(pattern, line))

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        """SIGTERM, and its end; how many seconds it took."""
        begun = time.monotonic()
        self.signal(signal.SIGTERM)
        status = self.process.wait(40)
        if status != 0:
            raise AssertionError(f"{self.name} ended with {status}: {self.log.read_text()[-2000:]}")
        return time.monotonic() - begun

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def command(self, *arguments):
        """Runs another command of the program by the same configuration; what it prints."""
        done = subprocess.run(
            [self.program, *arguments], env=self.environment, capture_output=True, text=True, timeout=30
        )
        if done.returncode != 0:
            raise AssertionError(f"vermilion {' '.join(arguments)}: {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout


class Nginx(Listener):
    """Debian's nginx with deploy/nginx.conf, in which nothing is changed but addresses, names and paths."""

    def __init__(self, folder, replicas, outer, inner):
        self.folder, self.port, self.process = folder, free_port(), None
        self.cert, self.key = folder / "front.crt", folder / "front.key"
        self.authority, self.log = outer, folder / "nginx-error.log"
        self.renew()
        text = (REPOSITORY / "deploy" / "nginx.conf").read_text()
        changes = {
            f"server replica-{number}.internal:50051 {rest};": f"server {replica.address} {rest};"
            for number, replica in enumerate(replicas, 1)
            for rest in ("max_fails=3 fail_timeout=1s", "max_fails=0 backup")
        }
        changes |= {
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.port} ssl http2;",
            "/etc/nginx/tls/vermilion.crt": str(self.cert),
            "/etc/nginx/tls/vermilion.key": str(self.key),
            "/etc/nginx/tls/replicas-ca.crt": str(inner.path),
        }
        for printed, own in changes.items():
            if text.count(printed) != 1:
                raise AssertionError(f"deploy/nginx.conf: expected once: {printed}")
            text = text.replace(printed, own)
        (folder / "vermilion.conf").write_text(text)
        temporary = "".join(
            f"    {kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"worker_processes 2;\npid {folder}/nginx.pid;\nerror_log {self.log} info;\ndaemon off;\n"
            f"events {{ worker_connections 4096; }}\nhttp {{\n    access_log {folder}/access.log;\n{temporary}"
            f"    include {folder}/vermilion.conf;\n}}\n"
        )

    def renew(self):
        return self.authority.issue(self.cert, self.key, NAME)

    def start(self):
        command = ["nginx", "-e", str(self.log), "-c", str(self.folder / "nginx.conf")]
        tested = subprocess.run([*command, "-t"], capture_output=True, text=True)
        if tested.returncode != 0:
            raise AssertionError(tested.stderr)
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        wait_until(self.is_listening, "nginx listens")

    def is_listening(self):
        with socket.socket() as asked:
            return asked.connect_ex(("127.0.0.1", self.port)) == 0

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)
