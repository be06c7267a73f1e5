import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import checklists.enums


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("exchanges", "0002_propagation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PreferenceRappel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("semaine", models.BooleanField(default=True)),
                ("veille", models.BooleanField(default=True)),
                (
                    "utilisateur",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preference_rappel",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "préférence de rappel",
                "verbose_name_plural": "préférences de rappel",
            },
        ),
        migrations.CreateModel(
            name="Assignation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("annee", models.CharField(max_length=4)),
                ("etape", models.CharField(max_length=3)),
                ("cree_le", models.DateTimeField()),
                (
                    "confiee_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "etablissement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="exchanges.etablissement"
                    ),
                ),
                (
                    "utilisateur",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("cree_le", "pk"),
                "abstract": False,
                "indexes": [models.Index(fields=["etablissement", "annee"], name="assignation_annee")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("etablissement", "annee", "etape"), name="assignation_une_par_etape"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("demande_le", models.DateField()),
                ("disponible_le", models.DateField(null=True)),
                ("recupere_le", models.DateField(null=True)),
                ("installe_le", models.DateField(null=True)),
                ("expire_le", models.DateField(null=True)),
                (
                    "etablissement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="certificats",
                        to="exchanges.etablissement",
                    ),
                ),
            ],
            options={
                "ordering": ("-demande_le", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expire_le__isnull", True), ("expire_le__gt", models.F("demande_le")), _connector="OR"
                        ),
                        name="certificat_expire_apres_la_demande",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("installe_le__isnull", True)),
                        fields=("etablissement",),
                        name="certificat_une_seule_demande_en_cours",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Commentaire",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("annee", models.CharField(max_length=4)),
                ("etape", models.CharField(max_length=3)),
                ("cree_le", models.DateTimeField()),
                ("texte", models.CharField(max_length=1000)),
                (
                    "etablissement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="exchanges.etablissement"
                    ),
                ),
                (
                    "utilisateur",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("cree_le", "pk"),
                "abstract": False,
                "indexes": [models.Index(fields=["etablissement", "annee"], name="commentaire_annee")],
            },
        ),
        migrations.CreateModel(
            name="Declaration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("annee", models.CharField(max_length=4)),
                ("etape", models.CharField(max_length=3)),
                ("cree_le", models.DateTimeField()),
                ("commentaire", models.CharField(blank=True, max_length=300)),
                ("retiree_le", models.DateTimeField(null=True)),
                (
                    "etablissement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="exchanges.etablissement"
                    ),
                ),
                (
                    "retiree_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "utilisateur",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("cree_le", "pk"),
                "abstract": False,
                "indexes": [models.Index(fields=["etablissement", "annee"], name="declaration_annee")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retiree_le__isnull", True)),
                        fields=("etablissement", "annee", "etape"),
                        name="declaration_une_seule_en_cours",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PieceJointe",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("annee", models.CharField(max_length=4)),
                ("etape", models.CharField(max_length=3)),
                ("cree_le", models.DateTimeField()),
                ("nom", models.CharField(max_length=120)),
                ("taille", models.PositiveIntegerField()),
                ("chemin", models.CharField(max_length=60)),
                (
                    "etablissement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="exchanges.etablissement"
                    ),
                ),
                (
                    "utilisateur",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "pièce jointe",
                "verbose_name_plural": "pièces jointes",
                "ordering": ("cree_le", "pk"),
                "abstract": False,
                "indexes": [models.Index(fields=["etablissement", "annee"], name="piecejointe_annee")],
            },
        ),
        migrations.CreateModel(
            name="ProfilRentree",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("annee", models.CharField(max_length=4)),
                ("variante", models.CharField(default=checklists.enums.Variante["COLLEGE"], max_length=8)),
                ("logiciel", models.CharField(default=checklists.enums.Logiciel["EDT"], max_length=12)),
                ("has_netsynchro", models.BooleanField(default=False)),
                ("date_rentree", models.DateField(null=True)),
                (
                    "etablissement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="profils_rentree",
                        to="exchanges.etablissement",
                    ),
                ),
            ],
            options={
                "verbose_name": "profil de rentrée",
                "verbose_name_plural": "profils de rentrée",
                "constraints": [
                    models.UniqueConstraint(fields=("etablissement", "annee"), name="profil_par_annee"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "variante__in",
                                [
                                    checklists.enums.Variante["COLLEGE"],
                                    checklists.enums.Variante["LYCEE"],
                                    checklists.enums.Variante["LP"],
                                    checklists.enums.Variante["CITE"],
                                ],
                            )
                        ),
                        name="profil_variante",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "logiciel__in",
                                [
                                    checklists.enums.Logiciel["EDT"],
                                    checklists.enums.Logiciel["PRONOTE"],
                                    checklists.enums.Logiciel["UNDEUXTEMPS"],
                                ],
                            )
                        ),
                        name="profil_logiciel",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rappel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("genre", models.CharField(max_length=10)),
                ("jour", models.DateField()),
                ("etapes", models.JSONField(default=list)),
                ("reserve_le", models.DateTimeField()),
                ("envoye_le", models.DateTimeField(null=True)),
                (
                    "etablissement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="exchanges.etablissement"
                    ),
                ),
                (
                    "utilisateur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rappels",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-jour", "-pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("utilisateur", "etablissement", "genre", "jour"), name="rappel_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "genre__in",
                                [
                                    checklists.enums.GenreRappel["SEMAINE"],
                                    checklists.enums.GenreRappel["VEILLE"],
                                    checklists.enums.GenreRappel["CERTIFICAT"],
                                ],
                            )
                        ),
                        name="rappel_genre",
                    ),
                ],
            },
        ),
    ]
