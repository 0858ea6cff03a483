package dev.migrator.testkit.kubevirt.node;

import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Multus, for launcher pods: which further networks a pod asks for, and that it has got them. */
final class PodNetworks {
  private static final String WANTED = "k8s.v1.cni.cncf.io/networks";
  private static final String GOT = "k8s.v1.cni.cncf.io/network-status";

  private PodNetworks() {}

  /** The networks that the pod's annotation names, in either of its two spellings. */
  private static List<Map<String, Object>> wanted(Thing pod) {
    String text = pod.annotation(WANTED);
    if (text.isEmpty()) {
      return List.of();
    }
    List<Map<String, Object>> networks = new ArrayList<>();
    if (text.startsWith("[")) {
      networks.addAll(Json.maps(Serialization.unmarshal(text, List.class)));
    } else {
      for (String each : text.split(",", -1)) {
        String name = each.substring(each.indexOf('/') + 1).replaceFirst("@.*", "");
        networks.add(Json.object("name", name, "namespace", namespace(each, pod)));
      }
    }
    for (Map<String, Object> network : networks) {
      network.putIfAbsent("namespace", pod.namespace());
    }
    return networks;
  }

  private static String namespace(String text, Thing pod) {
    int slash = text.indexOf('/');
    return slash < 0 ? pod.namespace() : text.substring(0, slash);
  }

  /** Whether one of the networks is not there, which keeps the pod from starting. */
  static boolean missing(Site site, Thing pod) {
    for (Map<String, Object> network : wanted(pod)) {
      String namespace = Json.text(network, "namespace");
      String name = Json.text(network, "name");
      if (site.store().fetch(Kind.NETWORK, namespace, name) == null) {
        site.event(
            pod,
            "Warning",
            "FailedCreatePodSandBox",
            "cannot find a network-attachment-definition (" + namespace + "/" + name + ")");
        return true;
      }
    }
    return false;
  }

  /** The pod, with the networks that it has got written on it. */
  static Thing announced(Site site, Thing pod, String address) {
    List<Map<String, Object>> wanted = wanted(pod);
    if (wanted.isEmpty() || pod.hasAnnotation(GOT)) {
      return pod;
    }
    List<Map<String, Object>> got = new ArrayList<>();
    got.add(
        Json.object(
            "name",
            "k8s-pod-network",
            "interface",
            "eth0",
            "ips",
            List.of(address),
            "default",
            true,
            "dns",
            Json.object()));
    int index = 1;
    for (Map<String, Object> network : wanted) {
      String own = Json.text(network, "interface");
      String mac = Json.text(network, "mac");
      got.add(
          Json.object(
              "name",
              Json.text(network, "namespace") + "/" + Json.text(network, "name"),
              "interface",
              own.isEmpty() ? "net" + index : own,
              "mac",
              mac.isEmpty() ? "02:00:00:00:00:0" + index : mac,
              "dns",
              Json.object()));
      index++;
    }
    return site.store().replace(Kind.POD, pod.copy().annotation(GOT, Serialization.asJson(got)));
  }
}
