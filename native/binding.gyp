{
  "targets": [
    {
      "target_name": "telltale_native",
      "sources": ["addon.c", "capture.c", "load.c", "ring.c", "existing.c", "privilege.c"],
      "defines": ["NAPI_VERSION=8", "_GNU_SOURCE"],
      "include_dirs": ["../bpf"],
      # Dynamically: Debian's static libbpf is not position independent.
      "libraries": ["-lbpf"],
      "cflags": ["-std=gnu11", "-Wall", "-Wextra", "-Wno-unused-parameter", "-fvisibility=hidden"]
    }
  ]
}
