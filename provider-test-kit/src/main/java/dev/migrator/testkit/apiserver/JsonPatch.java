package dev.migrator.testkit.apiserver;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** RFC 6902. What cannot be applied is a 422, as a real API server answers. */
final class JsonPatch {

  private JsonPatch() {}

  /** Applies operations in order to a tree that may be changed in place, and returns the result. */
  static Object apply(Object document, List<Object> operations) {
    Object[] root = {document};
    for (Object operation : operations) {
      if (!(operation instanceof Map<?, ?> map)) {
        throw ApiException.badRequest("an operation of a JSON patch is an object");
      }
      applyOne(root, Json.tree(map));
    }
    return root[0];
  }

  private static void applyOne(Object[] root, Map<String, Object> operation) {
    String path = Json.text(operation, "path");
    switch (Json.text(operation, "op")) {
      case "add" -> put(root, path, value(operation), true);
      case "replace" -> {
        require(root, path);
        put(root, path, value(operation), false);
      }
      case "remove" -> remove(root, path);
      case "move" -> put(root, path, remove(root, Json.text(operation, "from")), true);
      case "copy" -> put(root, path, Json.copy(require(root, Json.text(operation, "from"))), true);
      case "test" -> {
        if (!same(require(root, path), operation.get("value"))) {
          throw unprocessable("testing path " + path + ": the value is another");
        }
      }
      default -> throw unprocessable("unknown op '" + operation.get("op") + "'");
    }
  }

  private static Object value(Map<String, Object> operation) {
    if (!operation.containsKey("value")) {
      throw unprocessable("op '" + operation.get("op") + "' needs a value");
    }
    return Json.copy(operation.get("value"));
  }

  private static Object require(Object[] root, String path) {
    Object at = root[0];
    for (String token : tokens(path)) {
      if (at instanceof Map<?, ?> map && map.containsKey(token)) {
        at = map.get(token);
      } else if (at instanceof List<?> list) {
        at = list.get(index(token, list.size() - 1, path));
      } else {
        throw unprocessable("path " + path + " does not exist");
      }
    }
    return at;
  }

  private static void put(Object[] root, String path, Object value, boolean insert) {
    if (path.isEmpty()) {
      root[0] = value;
      return;
    }
    Object parent = require(root, parentOf(path));
    String last = lastOf(path);
    if (parent instanceof Map<?, ?> map) {
      Json.tree(map).put(last, value);
    } else if (parent instanceof List<?> any) {
      List<Object> list = Json.list(any);
      if (!insert) {
        list.set(index(last, list.size() - 1, path), value);
      } else if (last.equals("-")) {
        list.add(value);
      } else {
        list.add(index(last, list.size(), path), value);
      }
    } else {
      throw unprocessable("path " + path + " has no parent");
    }
  }

  private static Object remove(Object[] root, String path) {
    Object removed = require(root, path);
    if (path.isEmpty()) {
      throw unprocessable("the whole document cannot be removed");
    }
    Object parent = require(root, parentOf(path));
    if (parent instanceof Map<?, ?> map) {
      map.remove(lastOf(path));
    } else if (parent instanceof List<?> list) {
      list.remove(index(lastOf(path), list.size() - 1, path));
    }
    return removed;
  }

  /** Numbers are equal by value: a client may spell 1 as a long or as an int. */
  static boolean same(@Nullable Object one, @Nullable Object other) {
    if (one instanceof Number && other instanceof Number) {
      return new java.math.BigDecimal(one.toString())
              .compareTo(new java.math.BigDecimal(other.toString()))
          == 0;
    }
    if (one instanceof Map<?, ?> left && other instanceof Map<?, ?> right) {
      return left.keySet().equals(right.keySet())
          && left.keySet().stream().allMatch(key -> same(left.get(key), right.get(key)));
    }
    if (one instanceof List<?> left && other instanceof List<?> right) {
      if (left.size() != right.size()) {
        return false;
      }
      for (int i = 0; i < left.size(); i++) {
        if (!same(left.get(i), right.get(i))) {
          return false;
        }
      }
      return true;
    }
    return Objects.equals(one, other);
  }

  private static int index(String token, int max, String path) {
    if (!token.matches("0|[1-9][0-9]{0,8}") || Integer.parseInt(token) > max) {
      throw unprocessable("path " + path + " names no element");
    }
    return Integer.parseInt(token);
  }

  private static List<String> tokens(String path) {
    if (path.isEmpty()) {
      return List.of();
    }
    if (path.charAt(0) != '/') {
      throw unprocessable("path " + path + " does not start with a slash");
    }
    return List.of(path.substring(1).split("/", -1)).stream().map(JsonPatch::unescape).toList();
  }

  private static String unescape(String token) {
    return token.replace("~1", "/").replace("~0", "~");
  }

  private static String parentOf(String path) {
    return path.substring(0, path.lastIndexOf('/'));
  }

  private static String lastOf(String path) {
    return unescape(path.substring(path.lastIndexOf('/') + 1));
  }

  private static ApiException unprocessable(String why) {
    return new ApiException(
        422, "Invalid", "the server rejected our request due to an error in our request: " + why);
  }
}
