# The web, worker and beat of production in one image; `docker-compose.yml` says how each is started.
FROM python:3.12-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/huisheng
COPY requirements.txt .
RUN /opt/huisheng/bin/pip install -r requirements.txt

FROM python:3.12-slim-bookworm
# pango and a Chinese font are for PDF; everything else is in the wheels.
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-noto-cjk libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 huisheng \
    && useradd --uid 10001 --gid huisheng --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin huisheng \
    && install -d -o huisheng -g huisheng -m 0700 /data /data/files /data/incoming
ENV PATH=/opt/huisheng/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    HUISHENG_DATA=/data \
    HUISHENG_STATIC=/app/collected \
    TMPDIR=/data/incoming
WORKDIR /app
COPY --from=packages /opt/huisheng /opt/huisheng
COPY . .
# Both steps read settings but no server; the addresses and the key are of the build only and go nowhere.
RUN python -m config.messages compile \
    && DATABASE_URL=postgresql:///build REDIS_URL=redis://build SECRET_KEY=of-the-build-only \
       python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q accounts common config feedback knowledge notices reports sla surveys tickets
USER huisheng
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["gunicorn", "config.wsgi:application", "--config", "deploy/gunicorn.py"]
