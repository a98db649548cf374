# Two images from one file: "app" runs web, worker, beat and migrate; "proxy" is nginx with the
# static files baked in, so that the two can never be of different versions.

FROM node:22-bookworm-slim AS frontend
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci

FROM python:3.11-slim-bookworm AS packages
COPY requirements.lock ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.11-slim-bookworm AS app
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --user-group --no-create-home signpost \
    && install -d -o signpost -g signpost /data
COPY --from=packages /venv /venv
WORKDIR /app
COPY --from=frontend /app/node_modules node_modules
COPY . .
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SIGNPOST_DATA_DIR=/data
RUN pybabel compile -D django -d locale
RUN SIGNPOST_SECRET_KEY=only-to-collect-static-files python manage.py collectstatic --noinput
USER signpost
VOLUME /data
CMD ["gunicorn", "config.wsgi"]

FROM nginxinc/nginx-unprivileged:1.28-alpine AS proxy
COPY deploy/nginx.conf /etc/nginx/templates/default.conf.template
COPY --from=app /app/staticfiles /srv/static
