{
  "targets": [
    {
      "target_name": "telltale_native",
      "sources": [
        "addon.c",
        "capture.c",
        "existing.c",
        "load.c",
        "napi-values.c",
        "privilege.c",
        "process-calls.c",
        "ring.c",
        "socket-cookies.c"
      ],
      "defines": ["NAPI_VERSION=8", "_GNU_SOURCE"],
      "include_dirs": ["../bpf"],
      # Dynamically: Debian's static libbpf is not position independent.
      "libraries": ["-lbpf"],
      "cflags": ["-std=gnu11", "-Wall", "-Wextra", "-Wno-unused-parameter", "-fvisibility=hidden"]
    },
    {
      "target_name": "telltale-libc-watch",
      "type": "executable",
      "product_extension": "",
      "sources": [
        "libc-watch/main.c",
        "libc-watch/confine.c",
        "libc-watch/elf-functions.c",
        "libc-watch/libraries.c",
        "libc-watch/mappings.c",
        "libc-watch/news.c",
        "libc-watch/probes.c",
        "libc-watch/report.c",
        "privilege.c"
      ],
      "defines": ["_GNU_SOURCE"],
      # It reads files of strangers with rights of root: what hardening there is, it gets.
      "cflags": ["-std=gnu11", "-Wall", "-Wextra", "-fPIE", "-fstack-protector-strong", "-D_FORTIFY_SOURCE=2"],
      "ldflags": ["-pie", "-Wl,-z,relro,-z,now", "-Wl,-z,noexecstack"]
    }
  ]
}
