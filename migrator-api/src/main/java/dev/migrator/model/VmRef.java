package dev.migrator.model;

/**
 * The identity of a virtual machine within one cluster.
 *
 * @param namespace the namespace that holds it
 * @param name its name
 */
public record VmRef(String namespace, String name) {

  public VmRef {
    Identifiers.require(namespace, "The namespace of a VM");
    Identifiers.require(name, "The name of a VM");
  }

  /**
   * Parses the form that {@link #toString()} writes.
   *
   * @param text {@code namespace/name}
   * @return the reference
   * @throws IllegalArgumentException when the text has another form
   */
  public static VmRef parse(String text) {
    int slash = text.indexOf('/');
    if (slash <= 0 || slash != text.lastIndexOf('/') || slash == text.length() - 1) {
      throw new IllegalArgumentException(
          "Expected namespace/name, got '" + Identifiers.shown(text) + "'");
    }
    return new VmRef(text.substring(0, slash), text.substring(slash + 1));
  }

  /** Returns {@code namespace/name}. */
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
