package dev.migrator.testkit.kubevirt;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * One real etcd and kube-apiserver on loopback, with RBAC in force; where its program is at hand,
 * also the controller manager's garbage collector and namespace controller.
 */
final class ControlPlane {

  private static final String LOOPBACK = "127.0.0.1";

  private final Path home;
  private final Binaries binaries;
  private final String token = UUID.randomUUID().toString();
  private final List<Process> processes = new ArrayList<>();
  private final int port = freePort();

  /**
   * Starts the programs; {@link #awaitReady} waits for them.
   *
   * @param home an empty folder of its own
   */
  ControlPlane(Path home, Binaries binaries) {
    this.home = home;
    this.binaries = binaries;
    int clients = freePort();
    int peers = freePort();
    write("tokens.csv", token + ",admin,admin,\"system:masters\"\n");
    write("service-account.key", newKey());
    run(
        "etcd",
        List.of(
            binaries.etcd().toString(),
            "--data-dir=" + home.resolve("etcd"),
            "--listen-client-urls=http://" + LOOPBACK + ":" + clients,
            "--advertise-client-urls=http://" + LOOPBACK + ":" + clients,
            "--listen-peer-urls=http://" + LOOPBACK + ":" + peers,
            "--initial-advertise-peer-urls=http://" + LOOPBACK + ":" + peers,
            "--initial-cluster=default=http://" + LOOPBACK + ":" + peers,
            "--unsafe-no-fsync"));
    run(
        "kube-apiserver",
        List.of(
            binaries.apiServer().toString(),
            "--etcd-servers=http://" + LOOPBACK + ":" + clients,
            "--bind-address=" + LOOPBACK,
            "--advertise-address=" + LOOPBACK,
            "--secure-port=" + port,
            "--cert-dir=" + home.resolve("pki"),
            "--token-auth-file=" + home.resolve("tokens.csv"),
            "--authorization-mode=RBAC",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-account-key-file=" + home.resolve("service-account.key"),
            "--service-account-signing-key-file=" + home.resolve("service-account.key"),
            "--service-cluster-ip-range=10.96.0.0/16",
            "--allow-privileged=true",
            "--disable-admission-plugins=" + unattended(binaries)));
  }

  /** Waits until the API answers, then starts what needs it. */
  void awaitReady() {
    Poll.until("kube-apiserver wrote " + certificate(), this::hasCertificate);
    Config config = Config.fromKubeconfig(kubeconfig());
    config.setRequestRetryBackoffLimit(0);
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      Poll.until("kube-apiserver is ready; its log is in " + home, () -> isReady(client));
    }
    binaries.controllerManager().ifPresent(this::startControllers);
  }

  /** Returns a kubeconfig of an administrator. */
  String kubeconfig() {
    return """
        apiVersion: v1
        kind: Config
        current-context: admin
        clusters:
        - name: cluster
          cluster:
            server: https://%s:%d
            certificate-authority-data: %s
        users:
        - name: admin
          user:
            token: %s
        contexts:
        - name: admin
          context:
            cluster: cluster
            user: admin
            namespace: default
        """
        .formatted(LOOPBACK, port, Base64.getEncoder().encodeToString(read(certificate())), token);
  }

  /** Ends the programs, last started first, and removes what they wrote. */
  void stop() {
    for (int i = processes.size() - 1; i >= 0; i--) {
      processes.get(i).destroyForcibly();
    }
    try (var files = Files.walk(home)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException | UncheckedIOException gone) {
      home.toFile().deleteOnExit();
    }
  }

  /** Admission that waits for somebody who is not here would hold objects for ever. */
  private static String unattended(Binaries binaries) {
    String never = "ServiceAccount,TaintNodesByCondition";
    return binaries.controllerManager().isPresent()
        ? never
        : never + ",StorageObjectInUseProtection";
  }

  private void startControllers(Path program) {
    write("admin.kubeconfig", kubeconfig());
    run(
        "kube-controller-manager",
        List.of(
            program.toString(),
            "--kubeconfig=" + home.resolve("admin.kubeconfig"),
            "--controllers=garbage-collector-controller,namespace-controller,"
                + "persistentvolumeclaim-protection-controller",
            "--leader-elect=false",
            "--secure-port=0",
            "--kube-api-qps=200",
            "--kube-api-burst=400"));
  }

  private boolean hasCertificate() {
    checkAlive();
    return Files.exists(certificate()) && Files.exists(home.resolve("pki/apiserver.key"));
  }

  private boolean isReady(KubernetesClient client) {
    checkAlive();
    try {
      return "ok".equals(client.raw("/readyz"))
          && client.namespaces().withName("default").get() != null;
    } catch (KubernetesClientException notYet) {
      return false;
    }
  }

  private void checkAlive() {
    for (Process process : processes) {
      if (!process.isAlive()) {
        throw new IllegalStateException(
            process.info().command().orElse("A program of the control plane")
                + " ended with "
                + process.exitValue()
                + "; its log is in "
                + home);
      }
    }
  }

  private void run(String name, List<String> command) {
    try {
      processes.add(
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(home.resolve(name + ".log").toFile())
              .start());
    } catch (IOException failure) {
      stop();
      throw new UncheckedIOException("Cannot start " + command.get(0), failure);
    }
  }

  private Path certificate() {
    return home.resolve("pki/apiserver.crt");
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void write(String name, String text) {
    try {
      Files.writeString(home.resolve(name), text);
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot write into " + home, failure);
    }
  }

  private static String newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
      return "-----BEGIN PRIVATE KEY-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
          + "\n-----END PRIVATE KEY-----\n";
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every JDK has RSA", impossible);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
