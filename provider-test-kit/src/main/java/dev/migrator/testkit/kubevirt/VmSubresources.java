package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.apiserver.AdmissionDenied;
import dev.migrator.testkit.apiserver.ApiServer;
import dev.migrator.testkit.apiserver.SubresourceHandler.Request;
import dev.migrator.testkit.kubevirt.controller.ExpandSpec;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import java.net.HttpURLConnection;
import java.util.Map;

/** virt-api's subresources of a VM on embedded clusters: start, stop, restart, expand-spec. */
final class VmSubresources {
  private static final String GROUP = "subresources.kubevirt.io";
  private static final String PLURAL = "virtualmachines";

  private final Map<Side, Site> sites;

  VmSubresources(Map<Side, Site> sites) {
    this.sites = sites;
  }

  void register(EmbeddedClusters embedded) {
    for (Side side : sites.keySet()) {
      ApiServer server = embedded.server(side);
      server.subresource(GROUP, PLURAL, "start", this::start);
      server.subresource(GROUP, PLURAL, "stop", this::stop);
      server.subresource(GROUP, PLURAL, "restart", this::restart);
      server.subresource(GROUP, PLURAL, "expand-spec", this::expand);
    }
  }

  private Map<String, Object> start(Request request) {
    Thing vm = vm(request);
    Thing vmi = site(request).store().fetch(Kind.VMI, request.namespace(), request.name());
    if (vmi != null) {
      throw new AdmissionDenied(
          HttpURLConnection.HTTP_CONFLICT,
          "Conflict",
          "Operation cannot be fulfilled on virtualmachine.kubevirt.io \"%s\": VM is already running"
              .formatted(vm.name()));
    }
    handle(request).start();
    return Map.of();
  }

  private Map<String, Object> stop(Request request) {
    vm(request);
    handle(request).stop();
    return Map.of();
  }

  private Map<String, Object> restart(Request request) {
    if (!"WaitAsReceiver".equals(vm(request).text("spec.runStrategy"))) {
      handle(request).restart();
    }
    return Map.of();
  }

  private Map<String, Object> expand(Request request) {
    try {
      return Webhooks.map(ExpandSpec.of(site(request), vm(request)));
    } catch (IllegalArgumentException e) {
      throw new AdmissionDenied(
          HttpURLConnection.HTTP_INTERNAL_ERROR, "InternalError", String.valueOf(e.getMessage()));
    }
  }

  private Site site(Request request) {
    Site site = sites.get(request.side());
    if (site == null) {
      throw new IllegalStateException("There is no simulated cluster for " + request.side());
    }
    return site;
  }

  private GuestHandle handle(Request request) {
    return new GuestHandle(site(request), request.namespace(), request.name());
  }

  private Thing vm(Request request) {
    Thing vm = site(request).store().fetch(Kind.VM, request.namespace(), request.name());
    if (vm == null) {
      throw new AdmissionDenied(
          HttpURLConnection.HTTP_NOT_FOUND,
          "NotFound",
          "virtualmachine.kubevirt.io \"" + request.name() + "\" not found");
    }
    return vm;
  }
}
