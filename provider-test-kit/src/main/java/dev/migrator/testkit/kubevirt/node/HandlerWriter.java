package dev.migrator.testkit.kubevirt.node;

import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes VMIs in virt-handler's name: real KubeVirt lets only the handler of the VMI's own node
 * change a VMI's status.
 */
public final class HandlerWriter implements AutoCloseable {
  private static final String ACCOUNT = "system:serviceaccount:kubevirt:kubevirt-handler";

  private final Site site;
  private final boolean impersonates;
  private final Map<String, KubernetesClient> clients = new HashMap<>();

  /**
   * A writer.
   *
   * @param impersonates whether real KubeVirt checks who writes
   */
  public HandlerWriter(Site site, boolean impersonates) {
    this.site = site;
    this.impersonates = impersonates;
  }

  void write(Thing vmi, String node) {
    if (impersonates) {
      site.store().replace(Kind.VMI, vmi, clients.computeIfAbsent(node, this::client));
    } else {
      site.store().replace(Kind.VMI, vmi);
    }
  }

  private KubernetesClient client(String node) {
    Config config = new ConfigBuilder(site.store().client().getConfiguration()).build();
    config.setImpersonateUsername(ACCOUNT);
    config.setImpersonateGroups("system:serviceaccounts:kubevirt", "system:authenticated");
    config.setImpersonateExtras(Map.of("authentication.kubernetes.io%2Fnode-name", List.of(node)));
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  @Override
  public void close() {
    clients.values().forEach(KubernetesClient::close);
    clients.clear();
  }
}
