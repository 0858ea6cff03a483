package dev.migrator.kubevirt;

/**
 * One thing that a machine refers to.
 *
 * @param kind what kind of thing
 * @param name its name as written; a network keeps its {@code namespace/name} form
 * @param field where it is written, such as {@code volumes[init].secret.secretName}
 * @param optional whether the machine starts without it
 */
record Reference(ReferenceKind kind, String name, String field, boolean optional) {

  /** For people: {@code Secret cloud-init (volumes[init].secret.secretName)}. */
  String describe() {
    return kind.label() + " " + name + " (" + field + ")";
  }
}
