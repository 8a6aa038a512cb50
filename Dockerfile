# The image holds the runtime dependencies of requirements.lock and the program, nothing that built them.
ARG BASE=python:3.13-slim

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
RUN python -m venv /opt/build && python -m venv --without-pip /opt/sns-check
COPY requirements-build.lock requirements.lock ./
RUN --mount=type=cache,target=/root/.cache/pip \
    /opt/build/bin/pip install --require-hashes --requirement requirements-build.lock && \
    /opt/build/bin/pip --python /opt/sns-check/bin/python install --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY rules rules
COPY bot bot
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /dist . && \
    /opt/build/bin/pip --python /opt/sns-check/bin/python install --no-deps --no-index /dist/*.whl

FROM ${BASE}
LABEL org.opencontainers.image.title="sns-check" \
      org.opencontainers.image.description="Reads a municipality's social-media drafts against its own guideline" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --gid 10001 sns-check && \
    useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/sns-check --shell /usr/sbin/nologin sns-check && \
    install --directory --owner=sns-check --group=sns-check --mode=700 /var/lib/sns-check
COPY --from=build /opt/sns-check /opt/sns-check
ENV PATH=/opt/sns-check/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SNS_CHECK_DATA_DIR=/var/lib/sns-check
USER 10001:10001
VOLUME /var/lib/sns-check
EXPOSE 8080
# Answered on the port of SNS_CHECK_PORT whatever the surface, also in Socket Mode.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f\"http://127.0.0.1:{os.environ.get('SNS_CHECK_PORT') or 8080}/healthz\", timeout=4)"]
ENTRYPOINT ["sns-check"]
CMD ["serve"]
