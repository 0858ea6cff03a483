package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.NetworkMapping;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole matrix: pod or definition to either, dropped, or not mapped. */
class NetworksTest {

  @ParameterizedTest(name = "{0} with {1}, mapped {2} to {3}: {4} with {5}")
  @CsvSource(
      textBlock =
          """
          pod,       masquerade, pod,      pod,      pod,       masquerade
          pod,       masquerade, pod,      prod/lan, prod/lan,  bridge
          pod,       masquerade, pod,      lan,      prod/lan,  bridge
          pod,       passt,      pod,      prod/lan, prod/lan,  bridge
          pod,       binding,    pod,      prod/lan, prod/lan,  binding
          lan,       bridge,     demo/lan, prod/wan, wan,       bridge
          lan,       bridge,     lan,      wan,      wan,       bridge
          lan,       bridge,     demo/lan, net/wan,  net/wan,   bridge
          demo/lan,  sriov,      demo/lan, net/wan,  net/wan,   sriov
          lan,       bridge,     demo/lan, pod,      pod,       masquerade
          lan,       sriov,      demo/lan, pod,      pod,       masquerade
          lan,       bridge,     other,    pod,      lan,       bridge
          demo/lan,  bridge,     other,    pod,      prod/lan,  bridge
          net/lan,   bridge,     other,    pod,      net/lan,   bridge
          pod,       masquerade, other,    net/x,    pod,       masquerade
          """)
  void aNetworkBecomesWhatThePlanSays(
      String network, String binding, String from, String to, String expected, String joined) {
    Map<String, Object> spec = spec(network, binding);
    mapped(from, to).apply(spec);
    Map<String, Object> made = Tree.named(spec, "net", "networks").orElseThrow();
    if (expected.equals("pod")) {
      assertThat(made).containsOnlyKeys("name", "pod");
    } else {
      assertThat(made).containsOnlyKeys("name", "multus");
      assertThat(Tree.text(made, "multus", "networkName")).contains(expected);
    }
    assertThat(Tree.named(spec, "net", "domain", "devices", "interfaces").orElseThrow())
        .containsOnlyKeys("name", joined, "macAddress", "model");
  }

  @Test
  void aNetworkIsDroppedWithItsInterfaceOnlyWhenThePlanSaysSo() {
    Map<String, Object> spec = spec("lan", "bridge");
    mapped("demo/lan", null).apply(spec);
    assertThat(Tree.maps(spec, "networks")).isEmpty();
    assertThat(Tree.maps(spec, "domain", "devices", "interfaces")).isEmpty();
  }

  @Test
  void whatElseANetworkSaysStays() {
    Map<String, Object> spec = spec("lan", "bridge");
    Tree.put(Tree.maps(spec, "networks").get(0), true, "multus", "default");
    Tree.put(Tree.maps(spec, "networks").get(0), "new", "multus", "futureField");
    mapped("demo/lan", "net/wan").apply(spec);
    assertThat(Tree.map(Tree.maps(spec, "networks").get(0), "multus"))
        .containsOnly(
            Map.entry("networkName", "net/wan"),
            Map.entry("default", true),
            Map.entry("futureField", "new"));
  }

  private static Networks mapped(String from, @Nullable String to) {
    MigrationPlan plan =
        MigrationPlan.builder("plan", Endpoint.of("kubevirt", "a"), Endpoint.of("kubevirt", "b"))
            .network(new NetworkMapping(from, to))
            .build();
    return new Networks(plan, "demo", "prod");
  }

  private static Map<String, Object> spec(String network, String binding) {
    Map<String, Object> net = new LinkedHashMap<>(Map.of("name", "net"));
    if (network.equals("pod")) {
      net.put("pod", new LinkedHashMap<>());
    } else {
      Tree.put(net, network, "multus", "networkName");
    }
    Map<String, Object> nic =
        new LinkedHashMap<>(
            Map.of("name", "net", "macAddress", "02:00:00:00:00:09", "model", "virtio"));
    nic.put(binding, new LinkedHashMap<>());
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("networks", new java.util.ArrayList<>(List.of(net)));
    Tree.put(spec, new java.util.ArrayList<>(List.of(nic)), "domain", "devices", "interfaces");
    return spec;
  }
}
