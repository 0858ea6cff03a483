package dev.migrator.examples.quickstart;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Makes an interrupt from the keyboard ask for a cancel instead of ending the process.
 *
 * <p>A shutdown hook cannot tell SIGINT from SIGTERM, so this uses the JDK's signal class; by
 * reflection, because the compiler rightly warns about it.
 */
final class Interrupt {

  private Interrupt() {}

  static void to(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(
              Interrupt.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, args) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                  return null;
                }
                return method.invoke(action, args);
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("INT"), ours);
    } catch (ClassNotFoundException
        | NoSuchMethodException
        | IllegalAccessException
        | InstantiationException
        | InvocationTargetException e) {
      throw new IllegalStateException("This JVM cannot handle signals", e);
    }
  }
}
