package dev.migrator.core;

import dev.migrator.model.Endpoint;
import dev.migrator.spi.MigrationException;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The host's connections: those that it named, then those that it finds.
 *
 * @param named the connections by endpoint and type
 * @param resolver finds others; answers null for none
 */
record Connections(
    Map<Key, Object> named, BiFunction<Endpoint, Class<?>, @Nullable Object> resolver) {

  record Key(String endpoint, Class<?> type) {}

  Connections {
    named = Map.copyOf(named);
  }

  <T> T find(Endpoint endpoint, Class<T> type) {
    Object found = named.get(new Key(endpoint.name(), type));
    if (found == null) {
      found = resolver.apply(endpoint, type);
    }
    if (!type.isInstance(found)) {
      throw MigrationException.permanent(
          "NoConnection",
          "The host has no "
              + type.getName()
              + " for endpoint '"
              + endpoint.name()
              + "'"
              + (found == null ? "" : " but a " + found.getClass().getName())
              + "; it named connections for "
              + new TreeSet<>(named.keySet().stream().map(Key::endpoint).toList())
              + ". Give it to the runner's builder.");
    }
    return type.cast(found);
  }
}
