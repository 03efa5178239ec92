<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name></name>
    <message numerus="yes">
        <source>%n photo(s) to do: about {0} and {1}, measured on this machine.</source>
        <translation>
            <numerusform>%n photo to do: about {0} and {1}, measured on this machine.</numerusform>
            <numerusform>%n photos to do: about {0} and {1}, measured on this machine.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>in %n day(s)</source>
        <translation>
            <numerusform>in %n day</numerusform>
            <numerusform>in %n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} and %n more</source>
        <translation>
            <numerusform>{0} and %n more</numerusform>
            <numerusform>{0} and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) of these names exist already; one is {0}. Replace them?</source>
        <translation>
            <numerusform>%n file of these names exists already: {0}. Replace it?</numerusform>
            <numerusform>%n files of these names exist already; one is {0}. Replace them?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n photo</numerusform>
            <numerusform>%n photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unsaved result(s)</source>
        <translation>
            <numerusform>%n unsaved result</numerusform>
            <numerusform>%n unsaved results</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) of a class</source>
        <translation>
            <numerusform>%n picture of a class</numerusform>
            <numerusform>%n pictures of a class</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n face(s) are too small to be known, and will be invented.</source>
        <translation>
            <numerusform>%n face is too small to be known, and will be invented.</numerusform>
            <numerusform>%n faces are too small to be known, and will be invented.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n face(s) are too small to be known: they stay as they are in the photo.</source>
        <translation>
            <numerusform>%n face is too small to be known: it stays as it is in the photo.</numerusform>
            <numerusform>%n faces are too small to be known: they stay as they are in the photo.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ClassPicker</name>
    <message numerus="yes">
        <source>%n class(es)</source>
        <translation>
            <numerusform>%n class</numerusform>
            <numerusform>%n classes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>GenerateWorkspace</name>
    <message numerus="yes">
        <source>%n picture(s) made in {0}.</source>
        <translation>
            <numerusform>%n picture made in {0}.</numerusform>
            <numerusform>%n pictures made in {0}.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Notifier</name>
    <message numerus="yes">
        <source>%n photo(s) restored.</source>
        <translation>
            <numerusform>%n photo is restored.</numerusform>
            <numerusform>%n photos are restored.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) made.</source>
        <translation>
            <numerusform>%n picture made.</numerusform>
            <numerusform>%n pictures made.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) could not be restored.</source>
        <translation>
            <numerusform>%n photo could not be restored.</numerusform>
            <numerusform>%n photos could not be restored.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Opener</name>
    <message numerus="yes">
        <source>%n photo(s) cannot be read: {0}.</source>
        <translation>
            <numerusform>%n photo cannot be read: {0}.</numerusform>
            <numerusform>%n photos cannot be read: {0}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more folder(s) cannot be looked into either.</source>
        <translation>
            <numerusform>%n more folder cannot be looked into either.</numerusform>
            <numerusform>%n more folders cannot be looked into either.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) opened.</source>
        <translation>
            <numerusform>%n photo opened.</numerusform>
            <numerusform>%n photos opened.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QuitQuestion</name>
    <message numerus="yes">
        <source>%n photo(s) are still to be restored.</source>
        <translation>
            <numerusform>%n photo is still to be restored.</numerusform>
            <numerusform>%n photos are still to be restored.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ResultLoader</name>
    <message numerus="yes">
        <source>%n more result(s) in the history of this photo are not saved.</source>
        <translation>
            <numerusform>%n more result in the history of this photo is not saved.</numerusform>
            <numerusform>%n more results in the history of this photo are not saved.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SaveController</name>
    <message numerus="yes">
        <source>%n picture(s) saved in {0}.</source>
        <translation>
            <numerusform>%n picture saved in {0}.</numerusform>
            <numerusform>%n pictures saved in {0}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n result(s) saved in {0}.</source>
        <translation>
            <numerusform>%n result saved in {0}.</numerusform>
            <numerusform>%n results saved in {0}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} and %n more</source>
        <translation>
            <numerusform>{0} and %n more</numerusform>
            <numerusform>{0} and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Save %n unsaved result(s) first?</source>
        <translation>
            <numerusform>Save %n unsaved result first?</numerusform>
            <numerusform>Save %n unsaved results first?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Save %n kept picture(s) first?</source>
        <translation>
            <numerusform>Save %n kept picture first?</numerusform>
            <numerusform>Save %n kept pictures first?</numerusform>
        </translation>
    </message>
</context>
</TS>
