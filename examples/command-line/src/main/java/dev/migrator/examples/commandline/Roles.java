package dev.migrator.examples.commandline;

import dev.migrator.kubevirt.KubeVirtProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The roles as they are shipped with the provider. */
enum Roles {
  /** On the source, for every move. */
  SOURCE("vms"),
  /** On the target, for every move. */
  TARGET("vms"),
  /** Where statuses and hooks are kept. */
  HOST("migrator"),
  /** On both, to hand each the certificates of the other: cluster-admin grade. */
  TRUST(null),
  /** On the target, for setting {@code serviceExports}. */
  EXPORTS(null),
  /** On the target, for setting {@code createNamespace}. */
  NAMESPACES(null),
  /** On both, for plans that name a requester. */
  REQUESTERS(null);

  /** The namespace that stands in the file for the one it is meant for. */
  private final @Nullable String placeholder;

  Roles(@Nullable String placeholder) {
    this.placeholder = placeholder;
  }

  /**
   * The text of the file.
   *
   * @param namespace the namespace of the machines, or of the statuses, whose Role is wanted; null
   *     for ClusterRoles that are bound in each of them
   */
  String yaml(@Nullable String namespace) {
    if (namespace == null || placeholder == null) {
      return file("");
    }
    return file(this == HOST ? "" : "namespaced/")
        .replaceAll("(?m)^  namespace: " + placeholder + "$", "  namespace: " + namespace);
  }

  private String file(String folder) {
    String name = "rights/" + folder + "migrator-" + name().toLowerCase(Locale.ROOT) + ".yaml";
    try (InputStream file = KubeVirtProvider.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("The provider's jar has no " + name);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In lower case, as people type it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
