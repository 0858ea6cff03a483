package dev.migrator.examples.terminal;

import java.lang.reflect.Proxy;

/**
 * Lets a signal mean something else than the end of the process.
 *
 * <p>A shutdown hook cannot tell SIGINT from SIGTERM, so this uses the JDK's signal class; by
 * reflection, because the compiler rightly warns about it. A signal that the process was started to
 * ignore stays ignored.
 */
public final class Signals {

  private final String name;
  private final Object before;

  private Signals(String name, Object handler) {
    this.name = name;
    this.before = set(name, handler);
  }

  /**
   * Lets a signal run this and nothing else, until it is {@linkplain #restore restored}.
   *
   * @param name such as {@code INT}
   * @param action runs on a thread of its own
   * @return what ends that
   * @throws IllegalStateException when this JVM has no signals
   */
  public static Signals on(String name, Runnable action) {
    return new Signals(
        name,
        Proxy.newProxyInstance(
            Signals.class.getClassLoader(),
            new Class<?>[] {type("sun.misc.SignalHandler")},
            (proxy, method, args) -> {
              if (method.getName().equals("handle")) {
                action.run();
                return null;
              }
              return method.invoke(action, args);
            }));
  }

  /** Lets the signal mean what it meant before. */
  public void restore() {
    set(name, before);
  }

  private static Object set(String name, Object handler) {
    Class<?> signal = type("sun.misc.Signal");
    try {
      return signal
          .getMethod("handle", signal, type("sun.misc.SignalHandler"))
          .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
    } catch (ReflectiveOperationException e) {
      throw unusable(e);
    }
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw unusable(e);
    }
  }

  private static IllegalStateException unusable(ReflectiveOperationException e) {
    return new IllegalStateException("This JVM cannot handle signals", e);
  }
}
