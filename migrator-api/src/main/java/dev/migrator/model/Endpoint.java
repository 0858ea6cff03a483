package dev.migrator.model;

import java.util.Map;

/**
 * One side of a migration: which kind of provider it is and what the host calls it.
 *
 * @param provider the id of the provider that understands it, such as {@code kubevirt}
 * @param name the host's name for the connection; two equal names are the same cluster
 * @param settings the provider's own settings for this side; an unknown key is an error at
 *     validation
 */
public record Endpoint(String provider, String name, Map<String, String> settings) {

  public Endpoint {
    Identifiers.require(provider, "The provider of an endpoint");
    Identifiers.require(name, "The name of an endpoint");
    settings = Map.copyOf(settings);
  }

  /**
   * An endpoint without settings of its own.
   *
   * @param provider the provider's id
   * @param name the host's name for the connection
   * @return the endpoint
   */
  public static Endpoint of(String provider, String name) {
    return new Endpoint(provider, name, Map.of());
  }
}
