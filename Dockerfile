# The runtime dependencies of requirements.lock and the program, and nothing that built them. See docs/container.md.
# Nothing is compiled from source: --only-binary, so a slim base is enough to build on too.
ARG PYTHON_IMAGE=python:3.13-slim

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
RUN python -m venv /opt/build && python -m venv --without-pip /opt/sns-check
COPY requirements-build.lock requirements.lock ./
# Which town a number belongs to is nothing that a rule asks: phonenumbers.geocoder alone reads those 38 MB.
RUN --mount=type=cache,target=/root/.cache/pip \
    /opt/build/bin/pip install --require-hashes --only-binary=:all: --requirement requirements-build.lock && \
    /opt/build/bin/pip --python /opt/sns-check/bin/python install --require-hashes --only-binary=:all: \
      --requirement requirements.lock && \
    rm -r /opt/sns-check/lib/python3.*/site-packages/phonenumbers/geodata

# Apart from its dependencies, so that a new version is a small layer above one that machines already have.
FROM build AS program
COPY pyproject.toml README.md LICENSE ./
COPY rules rules
COPY bot bot
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /dist . && \
    /opt/build/bin/pip --python /opt/sns-check/bin/python install --no-deps --no-index --root /program /dist/*.whl

FROM ${PYTHON_IMAGE}
# /data exists with its owner before it is a volume: engines copy both into a new one.
RUN groupadd --gid 10001 sns-check && \
    useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin sns-check && \
    install --directory --owner=sns-check --group=sns-check --mode=0700 /data
COPY --from=build /opt/sns-check /opt/sns-check
COPY --from=program /program /
# pip has compiled everything, so nothing has to be written at run time but the records.
ENV PATH=/opt/sns-check/bin:$PATH \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SNS_CHECK_DATA_DIR=/data
USER 10001:10001
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
# Answered on SNS_CHECK_PORT whatever the surface, in Socket Mode too. http.client, because urllib would ask HTTP_PROXY.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; port = int(os.environ.get('SNS_CHECK_PORT') or 8080); probe = http.client.HTTPConnection('127.0.0.1', port, timeout=4); probe.request('GET', '/healthz'); sys.exit(probe.getresponse().status != 200)"]
ENTRYPOINT ["sns-check"]
CMD ["serve"]
# Last, because they change with every commit. `make image` fills them in.
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="sns-check" \
      org.opencontainers.image.description="Reads a municipality's social-media drafts against its own guideline and answers in the thread" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
