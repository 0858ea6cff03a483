package dev.migrator.testkit.kubevirt;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Plain HTTP to an API server: what a client library would hide is what conformance is about. */
record Api(KubernetesClient client) {

  static final String JSON = "application/json";
  static final String MERGE_PATCH = "application/merge-patch+json";
  static final String JSON_PATCH = "application/json-patch+json";

  Reply get(String path) {
    return send("GET", path, JSON, null);
  }

  Reply post(String path, String body) {
    return send("POST", path, JSON, body);
  }

  Reply put(String path, String body) {
    return send("PUT", path, JSON, body);
  }

  Reply mergePatch(String path, String body) {
    return send("PATCH", path, MERGE_PATCH, body);
  }

  Reply jsonPatch(String path, String body) {
    return send("PATCH", path, JSON_PATCH, body);
  }

  Reply delete(String path) {
    return send("DELETE", path, JSON, null);
  }

  Reply delete(String path, String options) {
    return send("DELETE", path, JSON, options);
  }

  Reply send(String method, String path, String contentType, String body) {
    String url = client.getConfiguration().getMasterUrl().replaceAll("/$", "") + path;
    try {
      HttpResponse<String> response =
          client
              .getHttpClient()
              .sendAsync(
                  client
                      .getHttpClient()
                      .newHttpRequestBuilder()
                      .uri(url)
                      .method(method, contentType, body)
                      .build(),
                  String.class)
              .get(20, TimeUnit.SECONDS);
      return new Reply(response.code(), response.bodyString());
    } catch (Exception failure) {
      throw new AssertionError(method + " " + path + " got no answer", failure);
    }
  }

  /** Copies a body with a value at the end of a path of fields. */
  String with(Reply reply, Object value, String... path) {
    Map<String, Object> tree = reply.tree();
    Map<String, Object> at = tree;
    for (int i = 0; i < path.length - 1; i++) {
      at = child(at, path[i]);
    }
    if (value == null) {
      at.remove(path[path.length - 1]);
    } else {
      at.put(path[path.length - 1], value);
    }
    return client.getKubernetesSerialization().asJson(tree);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> child(Map<String, Object> tree, String field) {
    return (Map<String, Object>)
        tree.computeIfAbsent(field, key -> new java.util.LinkedHashMap<String, Object>());
  }

  /** An answer: its code and its body. */
  record Reply(int code, String body) {

    @SuppressWarnings("unchecked")
    Map<String, Object> tree() {
      return new io.fabric8.kubernetes.client.utils.KubernetesSerialization()
          .unmarshal(body, Map.class);
    }

    /** Returns the value at a path of fields and list indices, or null. */
    Object at(Object... path) {
      Object at = tree();
      for (Object step : path) {
        if (at instanceof Map<?, ?> map) {
          at = map.get(step);
        } else if (at instanceof List<?> list && (int) step < list.size()) {
          at = list.get((int) step);
        } else {
          return null;
        }
      }
      return at;
    }

    String reason() {
      return String.valueOf(at("reason"));
    }

    String version() {
      return String.valueOf(at("metadata", "resourceVersion"));
    }

    String uid() {
      return String.valueOf(at("metadata", "uid"));
    }

    /** Returns the names in a list, in its order. */
    List<String> names() {
      return ((List<?>) at("items"))
          .stream()
              .map(item -> ((Map<?, ?>) ((Map<?, ?>) item).get("metadata")).get("name").toString())
              .toList();
    }

    @Override
    public String toString() {
      return code + " " + body;
    }
  }
}
