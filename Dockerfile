FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 ENTSITE_DATA_DIR=/data
WORKDIR /app

COPY requirements.lock .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

COPY . .
RUN useradd --uid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin entsite \
    && install -d -o entsite -g entsite -m 0700 /data
USER entsite
VOLUME /data
EXPOSE 8000
