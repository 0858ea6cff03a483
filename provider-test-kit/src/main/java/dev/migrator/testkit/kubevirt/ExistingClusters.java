package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Two clusters that somebody else runs, with KubeVirt on them: named by two kubeconfigs, whose
 * users must be administrators that may impersonate. Nothing is installed there, and closing leaves
 * them as they are.
 */
public final class ExistingClusters extends RemoteClusters {

  /** System property: path of the source cluster's kubeconfig. */
  public static final String SOURCE_KUBECONFIG = "migrator.source.kubeconfig";

  /** System property: path of the target cluster's kubeconfig. */
  public static final String TARGET_KUBECONFIG = "migrator.target.kubeconfig";

  private ExistingClusters(Map<Side, String> kubeconfigs) {
    super(kubeconfigs);
  }

  /**
   * Returns the clusters that the two system properties name, or nothing where neither is set.
   *
   * @throws IllegalStateException when only one of them is set
   * @throws UncheckedIOException when a file cannot be read
   */
  public static Optional<ExistingClusters> find() {
    String source = System.getProperty(SOURCE_KUBECONFIG, "");
    String target = System.getProperty(TARGET_KUBECONFIG, "");
    if (source.isEmpty() && target.isEmpty()) {
      return Optional.empty();
    }
    if (source.isEmpty() || target.isEmpty()) {
      throw new IllegalStateException(
          "Set both " + SOURCE_KUBECONFIG + " and " + TARGET_KUBECONFIG + ", or neither");
    }
    Map<Side, String> kubeconfigs = new EnumMap<>(Side.class);
    kubeconfigs.put(Side.SOURCE, read(source));
    kubeconfigs.put(Side.TARGET, read(target));
    return Optional.of(new ExistingClusters(kubeconfigs));
  }

  @Override
  public String level() {
    return "existing";
  }

  @Override
  public boolean collectsGarbage() {
    return true;
  }

  @Override
  public void close() {
    closeClients();
  }

  private static String read(String path) {
    try {
      return Files.readString(Path.of(path));
    } catch (IOException unreadable) {
      throw new UncheckedIOException("Cannot read the kubeconfig " + path, unreadable);
    }
  }
}
