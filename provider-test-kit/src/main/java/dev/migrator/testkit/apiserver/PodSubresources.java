package dev.migrator.testkit.apiserver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Binding and eviction of pods. */
final class PodSubresources {

  private static final Caller CALLER = Caller.controller("pod-subresources");

  private final Core core;
  private final Removal removal;

  PodSubresources(Core core, Removal removal) {
    this.core = core;
    this.removal = removal;
  }

  void registerIn(Subresources subresources) {
    subresources.register("", "pods", "eviction", this::evict);
    subresources.register("", "pods", "binding", this::bind);
    subresources.register("", "bindings", "", this::bindByBody);
  }

  private Map<String, Object> evict(SubresourceHandler.Request request) {
    core.lock.lock();
    try {
      removal.deleteAs(CALLER, pod(request));
    } finally {
      core.lock.unlock();
    }
    return success();
  }

  /** The older way to bind: the pod's name stands in the body only. */
  private Map<String, Object> bindByBody(SubresourceHandler.Request request) {
    String name = Json.text(Json.metadata(request.body()), "name");
    return bind(
        new SubresourceHandler.Request(
            request.side(), request.verb(), request.namespace(), name, request.body()));
  }

  private Map<String, Object> bind(SubresourceHandler.Request request) {
    core.lock.lock();
    try {
      Stored pod = pod(request);
      if (!Json.text(Json.map(pod.tree, "spec"), "nodeName").isEmpty()) {
        throw ApiException.conflict(pod.type, pod.name, "pod is already assigned to a node");
      }
      Map<String, Object> tree = Json.copyTree(pod.tree);
      Json.ensureMap(tree, "spec")
          .put("nodeName", Json.text(Json.map(request.body(), "target"), "name"));
      Map<String, Object> scheduled = new LinkedHashMap<>();
      scheduled.put("type", "PodScheduled");
      scheduled.put("status", "True");
      scheduled.put("lastTransitionTime", core.now());
      Map<String, Object> status = Json.ensureMap(tree, "status");
      List<Object> conditions = new ArrayList<>(Json.list(status, "conditions"));
      conditions.removeIf(
          each -> each instanceof Map<?, ?> map && "PodScheduled".equals(map.get("type")));
      conditions.add(scheduled);
      status.put("conditions", conditions);
      core.put(pod.type, tree);
    } finally {
      core.lock.unlock();
    }
    return success();
  }

  private Stored pod(SubresourceHandler.Request request) {
    ResourceType pods = Bodies.require(core.types.find("", "v1", "pods"));
    Stored pod = core.storage.get(pods, request.namespace(), request.name());
    if (pod == null) {
      throw ApiException.notFound(pods, request.name());
    }
    return pod;
  }

  private static Map<String, Object> success() {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("kind", "Status");
    status.put("apiVersion", "v1");
    status.put("status", "Success");
    status.put("code", 201);
    return status;
  }
}
