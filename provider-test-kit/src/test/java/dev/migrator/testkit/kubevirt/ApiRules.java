package dev.migrator.testkit.kubevirt;

/** What the rules of every subject need: a server, a namespace of their own, and small objects. */
interface ApiRules {

  Clusters clusters();

  Api api();

  String namespace();

  default String configMaps() {
    return "/api/v1/namespaces/" + namespace() + "/configmaps";
  }

  default String configMap(String name) {
    return configMaps() + "/" + name;
  }

  default String vms() {
    return "/apis/kubevirt.io/v1/namespaces/" + namespace() + "/virtualmachines";
  }

  default String vm(String name) {
    return vms() + "/" + name;
  }

  default String vmis() {
    return "/apis/kubevirt.io/v1/namespaces/" + namespace() + "/virtualmachineinstances";
  }

  default Api.Reply createConfigMap(String name, String metadata) {
    return api().post(configMaps(), configMapBody(name, metadata));
  }

  static String configMapBody(String name, String metadata) {
    return """
        {"kind": "ConfigMap", "apiVersion": "v1",
         "metadata": {"name": "%s"%s}, "data": {"key": "value"}}
        """
        .formatted(name, metadata);
  }

  default Api.Reply createVm(String name, String metadata) {
    return api().post(vms(), vmBody(name, metadata));
  }

  static String vmBody(String name, String metadata) {
    return """
        {"kind": "VirtualMachine", "apiVersion": "kubevirt.io/v1",
         "metadata": {"name": "%s"%s},
         "spec": {"runStrategy": "Halted", "template": {"spec": {"domain": {"devices": {}}}}},
         "status": {"printableStatus": "Stopped"}}
        """
        .formatted(name, metadata);
  }

  static String vmiBody(String name) {
    return """
        {"kind": "VirtualMachineInstance", "apiVersion": "kubevirt.io/v1",
         "metadata": {"name": "%s"},
         "spec": {"domain": {"devices": {}}}, "status": {"phase": "Running"}}
        """
        .formatted(name);
  }
}
