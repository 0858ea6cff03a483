package dev.migrator.examples.quickstart;

import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.model.NetworkMapping;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.StorageMapping;
import dev.migrator.model.VmRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * What the demo was asked for, by system properties.
 *
 * @param from the kubeconfig of the source
 * @param to the kubeconfig of the target
 * @param vm the machine on the source
 * @param target what it is called on the target
 * @param storage storage classes of the source and what they become
 * @param networks networks of the source and what they become
 * @param settings the provider's settings
 * @param run which run it is; another one begins anew after one that has ended
 * @param statusNamespace the namespace on the source that keeps the status
 * @param retry whether a machine that needs attention is taken up again
 */
record Options(
    Path from,
    Path to,
    VmRef vm,
    VmRef target,
    Map<String, String> storage,
    Map<String, String> networks,
    Map<String, String> settings,
    String run,
    String statusNamespace,
    boolean retry) {

  static final String USAGE =
      """
      Give all of -Dfrom=KUBECONFIG -Dto=KUBECONFIG -Dnamespace=NAMESPACE -Dvm=NAME to move that
      virtual machine, or none of them to move one between two embedded clusters. Further, as needed:
        -DtargetNamespace=NAMESPACE -DtargetVm=NAME     another identity on the target
        -Dstorage=SOURCE-CLASS=TARGET-CLASS,...         "*" stands for every other class
        -Dnetwork=SOURCE=TARGET,...                     "pod" or namespace/name
        -Dsettings=KEY=VALUE,...                        settings of the KubeVirt provider
        -Drun=N                                         begins anew when run 1 has ended
        -Dretry=true                                    takes up again what needed attention
        -DstatusNamespace=NAMESPACE                     keeps the status, else the machine's; on the source
      Killed and started again with the same properties, it goes on where it was. SIGINT cancels, SIGTERM
      leaves everything for the next start. Exit code: 0 moved, 1 not moved, 2 usage, 3 another program
      moves this machine, 143 left by SIGTERM.""";

  /** Whether the properties ask for two clusters that exist. */
  static boolean nameClusters(Properties properties) {
    return properties.containsKey("from") || properties.containsKey("to");
  }

  /**
   * Reads the properties.
   *
   * @param properties the system's
   * @return what they ask for
   * @throws IllegalArgumentException when something is missing or cannot be read
   */
  static Options of(Properties properties) {
    VmRef vm = new VmRef(required(properties, "namespace"), required(properties, "vm"));
    return new Options(
        file(required(properties, "from")),
        file(required(properties, "to")),
        vm,
        new VmRef(
            properties.getProperty("targetNamespace", vm.namespace()),
            properties.getProperty("targetVm", vm.name())),
        pairs(properties, "storage"),
        pairs(properties, "network"),
        pairs(properties, "settings"),
        properties.getProperty("run", "1"),
        properties.getProperty("statusNamespace", vm.namespace()),
        Boolean.parseBoolean(properties.getProperty("retry")));
  }

  /**
   * The plan for this machine.
   *
   * <p>A machine has one status, wherever it goes, so that two commands cannot move it to two
   * places; and the run says where to, so that a command for another place cannot go on with it.
   *
   * @param source the source's address
   * @param destination the target's address; equal to the source's for a move within one cluster
   */
  MigrationPlan plan(String source, String destination) {
    boolean one = source.equals(destination);
    MigrationPlan.Builder plan =
        MigrationPlan.builder(
                "demo-" + vm.namespace() + "-" + vm.name(),
                Endpoint.of("kubevirt", one ? "cluster" : "source"),
                Endpoint.of("kubevirt", one ? "cluster" : "target"))
            .run(run + " to " + destination + " " + target)
            .type(MigrationType.LIVE)
            .vm(PlannedVm.of(vm).to(target))
            .settings(settings);
    storage.forEach((old, fresh) -> plan.storage(StorageMapping.of(old, fresh)));
    networks.forEach((old, fresh) -> plan.network(new NetworkMapping(old, fresh)));
    return plan.build();
  }

  private static String required(Properties properties, String key) {
    String value = properties.getProperty(key, "");
    if (value.isBlank()) {
      throw new IllegalArgumentException("-D" + key + " is missing.");
    }
    return value;
  }

  private static Path file(String name) {
    Path path = Path.of(name);
    if (!Files.isReadable(path)) {
      throw new IllegalArgumentException("There is no readable kubeconfig " + path + ".");
    }
    return path;
  }

  private static Map<String, String> pairs(Properties properties, String key) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : properties.getProperty(key, "").split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        pairs.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
      } else if (!pair.isBlank()) {
        throw new IllegalArgumentException("-D" + key + " has '" + pair + "', expected A=B.");
      }
    }
    return pairs;
  }
}
