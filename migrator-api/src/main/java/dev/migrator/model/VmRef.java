package dev.migrator.model;

import java.util.Objects;

/**
 * The identity of a virtual machine within one cluster.
 *
 * @param namespace the namespace that holds it
 * @param name its name
 */
public record VmRef(String namespace, String name) {

  public VmRef {
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(name, "name");
    if (namespace.isBlank() || name.isBlank()) {
      throw new IllegalArgumentException(
          "A VM needs a namespace and a name, got '" + namespace + "/" + name + "'");
    }
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
      throw new IllegalArgumentException("Expected namespace/name, got '" + text + "'");
    }
    return new VmRef(text.substring(0, slash), text.substring(slash + 1));
  }

  /** Returns {@code namespace/name}. */
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
