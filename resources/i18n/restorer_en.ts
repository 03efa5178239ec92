<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Notifier</name>
    <message numerus="yes">
        <source>%n photo(s) restored.</source>
        <translation>
            <numerusform>%n photo is restored.</numerusform>
            <numerusform>%n photos are restored.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Opener</name>
    <message numerus="yes">
        <source>%n photo(s) opened.</source>
        <translation>
            <numerusform>%n photo opened.</numerusform>
            <numerusform>%n photos opened.</numerusform>
        </translation>
    </message>
</context>
</TS>
