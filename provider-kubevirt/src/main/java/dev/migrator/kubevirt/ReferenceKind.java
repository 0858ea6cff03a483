package dev.migrator.kubevirt;

/** What a machine can refer to, and what becomes of it: the rows of contract 4.1. */
enum ReferenceKind {
  SECRET("Secret", Treatment.COPY),
  CONFIG_MAP("ConfigMap", Treatment.COPY),
  CLAIM("PersistentVolumeClaim", Treatment.MAP),
  DATA_VOLUME("DataVolume", Treatment.MAP),
  NETWORK("NetworkAttachmentDefinition", Treatment.MAP),
  POD_NETWORK("pod network", Treatment.MAP),
  IMAGE("image", Treatment.REQUIRE),
  SERVICE_ACCOUNT("ServiceAccount", Treatment.REQUIRE),
  PRIORITY_CLASS("PriorityClass", Treatment.REQUIRE),
  NETWORK_BINDING("network binding plug-in", Treatment.REQUIRE),
  FEATURE_GATE("feature gate", Treatment.REQUIRE),
  INSTANCETYPE("instance type", Treatment.MAP),
  PREFERENCE("preference", Treatment.MAP);

  /** What becomes of the thing that is referred to. */
  enum Treatment {
    /** It goes along. */
    COPY,
    /** Something of the target takes its place. */
    MAP,
    /** The target must have it. */
    REQUIRE
  }

  private final String label;
  private final Treatment treatment;

  ReferenceKind(String label, Treatment treatment) {
    this.label = label;
    this.treatment = treatment;
  }

  String label() {
    return label;
  }

  Treatment treatment() {
    return treatment;
  }
}
