"""Paths are French (people read them), names are noun then English verb."""

app_name = "exchanges"
urlpatterns: list = []
