package dev.migrator.testkit.kubevirt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder with the programs of a control plane.
 *
 * @param folder holds {@code etcd} and {@code kube-apiserver}, perhaps more
 */
record Binaries(Path folder) {

  private static final List<String> NEEDED = List.of("etcd", "kube-apiserver");

  /** Looks into KUBEBUILDER_ASSETS, then into the newest version under KUBE_API_TEST_DIR. */
  static Optional<Binaries> find() {
    return Stream.concat(
            fromVariable("KUBEBUILDER_ASSETS"),
            fromVariable("KUBE_API_TEST_DIR").flatMap(Binaries::versions))
        .map(Binaries::new)
        .filter(Binaries::complete)
        .findFirst();
  }

  Path etcd() {
    return folder.resolve("etcd");
  }

  Path apiServer() {
    return folder.resolve("kube-apiserver");
  }

  /** Not everybody has it: {@code setup-envtest} does not bring it. */
  Optional<Path> controllerManager() {
    return Optional.of(folder.resolve("kube-controller-manager")).filter(Files::isExecutable);
  }

  private boolean complete() {
    return NEEDED.stream().allMatch(name -> Files.isExecutable(folder.resolve(name)));
  }

  private static Stream<Path> fromVariable(String name) {
    return Optional.ofNullable(System.getenv(name))
        .filter(value -> !value.isBlank())
        .map(Path::of)
        .stream();
  }

  private static Stream<Path> versions(Path testFolder) {
    Path all = testFolder.resolve("k8s");
    if (!Files.isDirectory(all)) {
      return Stream.empty();
    }
    try (Stream<Path> folders = Files.list(all)) {
      return folders.sorted(Comparator.reverseOrder()).toList().stream();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("Cannot look into " + all, unreadable);
    }
  }
}
