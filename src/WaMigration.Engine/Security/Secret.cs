using System.Runtime.InteropServices;
using System.Security;

namespace WaMigration.Security;

/// <summary>Turns a SecureString into text at the last moment, where a protocol wants text.</summary>
internal static class Secret
{
    internal static string Reveal(this SecureString secret)
    {
        var pointer = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            return Marshal.PtrToStringUni(pointer) ?? string.Empty;
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(pointer);
        }
    }

    internal static SecureString Conceal(string text)
    {
        var secret = new SecureString();
        foreach (var c in text)
        {
            secret.AppendChar(c);
        }

        secret.MakeReadOnly();
        return secret;
    }
}
