package dev.migrator.kubevirt;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a synchronization controller is reached: host and port, and nothing else. A source's
 * KubeVirt is told to connect to it, so it is no URL with a path, and holds no credentials.
 */
final class Address {

  // Before v1.9 KubeVirt writes an IPv6 address without its brackets.
  private static final Pattern FORM =
      Pattern.compile(
          "(?:\\[[0-9A-Fa-f:.]{2,45}]|[0-9A-Fa-f:.]{2,45}|[A-Za-z0-9][A-Za-z0-9.-]{0,252})"
              + ":(\\d{1,5})");

  private Address() {}

  /** Whether a text is an address, with a port that exists. */
  static boolean isOne(String text) {
    Matcher found = FORM.matcher(text);
    if (!found.matches()) {
      return false;
    }
    int port = Integer.parseInt(found.group(1));
    return port >= 1 && port <= 65_535;
  }
}
