"""Run the whole site on one machine, with one command and nothing to install beside Python."""

import fcntl
import os
import socket
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from entsite.processes import site_commands
from entsite.supervisor import Supervisor
from exchanges.models import Etablissement


CONSOLE = "consolemail://"
DEFAULT = "127.0.0.1:8000"
NEXT_PORTS = 10


class Command(BaseCommand):
    """Prepare the data directory and the database, then keep web, worker and beat running until Ctrl-C."""

    help = "Lance tout le site sur cette machine : pages, travaux de nuit et horloge."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--adresse", help=f"adresse et port d'écoute (par défaut {DEFAULT})")
        parser.add_argument(
            "--demo",
            action="store_true",
            help="charge les établissements fictifs de démonstration au premier lancement",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises ``CommandError``, in French, when the port is taken or the site already runs on these data."""
        with open(settings.DATA_DIR / "run_site.lock", "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CommandError(f"Le site tourne déjà sur les données de {settings.DATA_DIR}.") from None
            adresse = self._choose_adresse(options["adresse"])
            self._prepare()
            if options["demo"]:
                # Loads into an empty site; in any case says who may log in.
                call_command("load_demo", list=Etablissement.objects.exists(), stdout=self.stdout)
            environ = dict(os.environ)
            if options["demo"]:
                # Invitations are to be read at once: the links they hold make the demonstration work.
                environ.setdefault("EMAIL_URL", CONSOLE)
            self._announce(adresse, environ.get("EMAIL_URL") == CONSOLE)
            supervisor = Supervisor(site_commands(adresse), environ=environ, output=self.stdout)
            started = time.monotonic()
            supervisor.run()
            self.stdout.write(f"Le site est arrêté, après {time.monotonic() - started:.0f} s. Rien n'est perdu.")

    def _choose_adresse(self, asked: str | None) -> str:
        """The address to listen on: the one asked for, or the first free port from the default one."""
        host, port = split_adresse(asked or DEFAULT)
        if is_free(host, port):
            return f"{host}:{port}"
        if asked:
            raise CommandError(
                f"Le port {port} est déjà pris sur {host} par un autre programme. "
                f"Choisissez-en un autre, par exemple : --adresse {host}:{port + 1}"
            )
        for other in range(port + 1, port + NEXT_PORTS):
            if is_free(host, other):
                self.stdout.write(f"Le port {port} est déjà pris par un autre programme : le site prend le {other}.")
                return f"{host}:{other}"
        raise CommandError(f"Les ports {port} à {port + NEXT_PORTS - 1} sont tous pris. Donnez-en un avec --adresse.")

    def _prepare(self) -> None:
        self.stdout.write("Préparation de la base et des fichiers…")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)

    def _announce(self, adresse: str, is_console: bool) -> None:
        lines = ["", f"Le site est à l'adresse http://{adresse}/"]
        lines += [f"  Données, fichiers déposés et base : {settings.DATA_DIR}"]
        if is_console:
            lines += ["  Courriels : affichés ici même, non envoyés"]
        elif settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
            lines += [f"  Courriels (écrits dans des fichiers, non envoyés) : {settings.EMAIL_FILE_PATH}"]
        self.stdout.write("\n".join([*lines, "  Pour arrêter : Ctrl-C", ""]))


def split_adresse(adresse: str) -> tuple[str, int]:
    """``host:port`` in two; raises ``CommandError`` when the port is no number from 1 to 65535."""
    host, _, port = adresse.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise CommandError(f"« {adresse} » n'est pas une adresse. Écrivez par exemple : --adresse {DEFAULT}")
    return host, int(port)


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there, as gunicorn will (SO_REUSEADDR)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError:
            return False
    return True
